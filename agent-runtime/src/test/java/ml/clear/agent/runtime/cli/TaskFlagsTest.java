// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Stream;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.spi.Subcommand;
import org.junit.jupiter.api.Test;

class TaskFlagsTest {

    @Test
    void userPasswordAndCpuSetTheConfiguration() {
        assertThat(flags("--git-user", "ci", "--git-pass", "secret", "--cpu-only")
                        .configuration())
                .containsOnlyKeys("CLEARML_AGENT_GIT_USER", "CLEARML_AGENT_GIT_PASS", "CLEARML_CPU_ONLY")
                .containsEntry("CLEARML_AGENT_GIT_PASS", "secret");
        assertThat(flags().configuration()).isEmpty();
    }

    @Test
    void theInterpreterIsToldHowMuchToLeaveOut() {
        assertThat(flags().interpreterFlags()).isEmpty();
        assertThat(flags("-O").interpreterFlags()).containsExactly("-O");
        assertThat(flags("-OO").interpreterFlags()).containsExactly("-OO");
    }

    @Test
    void theLevelMayBeWrittenInAnyCaseAndIsChecked() {
        assertThat(flags().logLevel()).isEqualTo("INFO");
        assertThat(flags("--log-level", "debug").logLevel()).isEqualTo("DEBUG");
        assertThatThrownBy(() -> flags("--log-level", "chatty").logLevel())
                .isInstanceOf(AgentException.class)
                .hasMessageContaining("'CHATTY'");
    }

    @Test
    void gpusWinOverNoGpuAsInThePythonAgent() {
        assertThat(flags("--gpus", "0,1", "--cpu-only").gpus()).contains("0,1");
        assertThat(flags("--cpu-only").gpus()).contains("none");
        assertThat(flags().gpus()).isEmpty();
    }

    private static TaskFlags flags(String... options) {
        Subcommand command = Subcommand.of("execute", "Runs", TaskFlags.ALL, _ -> 0);
        ParsedCommand parsed = new CommandTree("", List.of(), List.of(command))
                .parse(Stream.concat(Stream.of("execute", "--id", "x"), Stream.of(options))
                        .toList());
        PrintWriter nowhere = new PrintWriter(PrintWriter.nullWriter());
        return new TaskFlags(new CliInvocation(
                parsed,
                () -> {
                    throw new AssertionError("no plugin");
                },
                nowhere,
                nowhere));
    }
}
