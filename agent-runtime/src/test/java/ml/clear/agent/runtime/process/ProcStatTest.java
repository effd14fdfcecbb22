// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ProcStatTest {

    private static final String REST = " S 4 5 6 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 987654 1 2 3";

    @Test
    void nameMayHoldBlanksAndParentheses() {
        ProcStat stat = ProcStat.parse("42 (a) S 1 (b) c)" + REST);
        assertThat(stat).isEqualTo(new ProcStat(42, "a) S 1 (b) c", 'S', 4, 5, 6, 987654));
    }

    @Test
    void shortLineIsRefused() {
        assertThatThrownBy(() -> ProcStat.parse("42 (a) S 1")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ProcStat.parse("")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void processThatEndedAndWasNotCollectedDoesNotRun() {
        assertThat(ProcStat.parse("42 (a)" + REST).running()).isTrue();
        assertThat(ProcStat.parse("42 (a)" + REST.replace('S', 'Z')).running()).isFalse();
    }

    @Test
    void readsThisProcess() {
        long pid = ProcessHandle.current().pid();
        assertThat(ProcStat.read(pid)).map(ProcStat::pid).contains(pid);
        assertThat(ProcStat.all()).extracting(ProcStat::pid).contains(pid);
    }

    @Test
    void childrenOfAProcessAreFoundWithoutALookAtAllOthers() throws Exception {
        Process shell = new ProcessBuilder("sh", "-c", "sleep 300 & echo started; wait").start();
        try {
            shell.inputReader().readLine();
            assertThat(ProcStat.children(shell.pid()))
                    .hasValueSatisfying(children -> assertThat(children)
                            .singleElement()
                            .satisfies(child -> assertThat(
                                            ProcStat.read(child).orElseThrow().parent())
                                    .isEqualTo(shell.pid())));
        } finally {
            shell.descendants().forEach(ProcessHandle::destroyForcibly);
            shell.destroyForcibly();
        }
        assertThat(ProcStat.children(Long.MAX_VALUE)).isEmpty();
    }
}
