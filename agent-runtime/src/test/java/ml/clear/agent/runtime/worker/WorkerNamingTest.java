// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.worker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkerNamingTest {

    @ParameterizedTest
    @CsvSource({
        "'', '', 0, host:0",
        "'', '', 3, host:3",
        "'', none, 1, host:cpu:1",
        "'', '0,1', 1, 'host:gpu0,1'",
        "'', all, 0, host:gpuall",
        "'', 0:1, 0, host:gpu0.1",
        "mine, '0,1', 2, mine",
    })
    void idsAreThoseOfThePythonAgent(String explicit, String gpus, int slot, String id) {
        assertThat(new WorkerNaming(explicit, "host", gpus, false).id(slot)).isEqualTo(id);
    }

    @Test
    void aDaemonThatSharesItsGpusOutSaysSo() {
        assertThat(new WorkerNaming("", "host", "0,1", true).id(0)).isEqualTo("host:dgpu0,1");
    }

    @Test
    void onlyTheIdsWithASlotMayBeHadTwice() {
        assertThat(new WorkerNaming("", "host", "", false).isUnique()).isFalse();
        assertThat(new WorkerNaming("", "host", "none", false).isUnique()).isFalse();
        assertThat(new WorkerNaming("", "host", "0", false).isUnique()).isTrue();
        assertThat(new WorkerNaming("mine", "host", "", false).isUnique()).isTrue();
    }
}
