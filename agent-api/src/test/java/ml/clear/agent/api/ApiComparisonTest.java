// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ApiComparisonTest {

    private static final List<String> RELEASED =
            List.of("a.Executor is interface", "a.Executor  abstract int start()", "a.Executor  default int stop()");

    @Test
    void additionsThatNoPluginMustImplementBreakNothing() {
        assertThat(ApiComparison.broken(
                        RELEASED,
                        List.of(
                                "a.Executor is interface",
                                "a.Executor  default int start()",
                                "a.Executor  default int stop()",
                                "a.Executor  default int pause()",
                                "a.Storage is interface",
                                "a.Storage  abstract int read()")))
                .isEmpty();
    }

    @Test
    void removalsChangesAndNewDutiesBreakPlugins() {
        assertThat(ApiComparison.broken(
                        RELEASED,
                        List.of(
                                "a.Executor is interface",
                                "a.Executor  abstract int start(java.lang.String)",
                                "a.Executor  abstract int stop()")))
                .containsExactly(
                        "removed: a.Executor  abstract int start()",
                        "removed: a.Executor  default int stop()",
                        "to implement: a.Executor  abstract int start(java.lang.String)",
                        "to implement: a.Executor  abstract int stop()");
    }
}
