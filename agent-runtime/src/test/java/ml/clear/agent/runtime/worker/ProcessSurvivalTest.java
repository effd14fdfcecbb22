// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessSurvivalTest {

    private static final Map<String, String> OF_A_UNIT = Map.of("INVOCATION_ID", "f00");

    @TempDir
    private Path proc;

    private final List<String> asked = new ArrayList<>();

    @Test
    void atAShellTasksGoOn() throws Exception {
        cgroup("0::/user.slice/user-1000.slice/session-3.scope");

        assertThat(reason(Map.of(), "", 4711, 4000, false)).isEmpty();
        assertThat(asked).isEmpty();
    }

    @Test
    void processOneEndsItsContainer() throws Exception {
        assertThat(reason(Map.of(), "", 1, 0, false)).get().asString().contains("process 1");
    }

    @Test
    void belowASmallInitItIsTheProgramOfItsContainerUnlessItIsInTheBackground() throws Exception {
        write("1/comm", "tini\n");

        assertThat(reason(Map.of(), "", 7, 1, false)).get().asString().contains("'tini'");
        assertThat(reason(Map.of(), "", 7, 1, true)).isEmpty();
        assertThat(reason(Map.of(), "", 7, 5, false)).isEmpty();
    }

    @Test
    void belowAWholeInitTasksGoOn() throws Exception {
        write("1/comm", "systemd\n");

        assertThat(reason(Map.of(), "", 7, 1, false)).isEmpty();
    }

    @Test
    void theMainProcessOfAUnitEndsItUnlessItsKillModeSparesTheOthers() throws Exception {
        cgroup("0::/system.slice/clearml-agent.service");

        assertThat(reason(OF_A_UNIT, "MainPID=4711\nKillMode=control-group\n", 4711, 1, false))
                .get()
                .asString()
                .contains("'clearml-agent.service'")
                .contains("KillMode=process");
        assertThat(asked).containsExactly("systemctl --system show -p MainPID -p KillMode clearml-agent.service");
        assertThat(reason(OF_A_UNIT, "MainPID=4711\nKillMode=mixed\n", 4711, 1, false))
                .isPresent();
        assertThat(reason(OF_A_UNIT, "MainPID=4711\nKillMode=process\n", 4711, 1, false))
                .isEmpty();
        assertThat(reason(OF_A_UNIT, "MainPID=4711\nKillMode=none\n", 4711, 1, false))
                .isEmpty();
    }

    @Test
    void aUnitThatMerelyHoldsTheTerminalIsNone() throws Exception {
        cgroup("0::/user.slice/user-1000.slice/user@1000.service/app.slice/gnome-terminal-server.service");

        assertThat(reason(OF_A_UNIT, "MainPID=900\nKillMode=control-group\n", 4711, 4000, false))
                .isEmpty();
        assertThat(asked).containsExactly("systemctl --user show -p MainPID -p KillMode gnome-terminal-server.service");
    }

    @Test
    void withoutAServiceManagerTheVariableOfTheMainProcessDecides() throws Exception {
        cgroup("12:memory:/x\n1:name=systemd:/system.slice/agent.service");

        assertThat(reason(Map.of("INVOCATION_ID", "f00", "SYSTEMD_EXEC_PID", "4711"), "missing", 4711, 1, false))
                .isPresent();
        assertThat(reason(Map.of("INVOCATION_ID", "f00", "SYSTEMD_EXEC_PID", "12"), "missing", 4711, 1, false))
                .isEmpty();
    }

    private void cgroup(String text) throws IOException {
        write("self/cgroup", text + "\n");
    }

    private void write(String file, String text) throws IOException {
        Files.createDirectories(proc.resolve(file).getParent());
        Files.writeString(proc.resolve(file), text);
    }

    private Optional<String> reason(
            Map<String, String> environment, String answer, long pid, long parent, boolean detached) throws Exception {
        return new ProcessSurvival(environment, proc, new FakeProgram(answer, asked), pid, parent).endsWithUs(detached);
    }
}
