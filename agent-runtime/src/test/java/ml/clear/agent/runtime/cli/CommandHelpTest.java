// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import ml.clear.agent.runtime.boot.AgentProcess;
import ml.clear.agent.runtime.redact.Redactor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every command of the agent's own can be understood: no option has the name of another, and each has a sentence. */
class CommandHelpTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"run", "daemon", "execute", "build", "list", "config", "cache", "plugins"})
    void theHelpOfACommandNeedsNothingAndTellsOfEachOption(String command) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        AgentCli cli = new AgentCli(
                new AgentProcess(Map.of(), folder, folder, "0.1.0"),
                new Redactor(),
                new PrintWriter(out),
                new PrintWriter(err, true));

        int status = cli.run(List.of(command, "--help"));

        assertThat(err.toString()).isEmpty();
        assertThat(status).isZero();
        assertThat(out.toString()).startsWith("Usage: clearml-agent " + command);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void theHelpOfADaemonHasGroupsAndExamplesAndNoOptionThatOnlyTheAgentGives() {
        assertThat(help("daemon", "--help"))
                .contains("Usage: clearml-agent daemon [OPTIONS]", "\nQueues:\n", "\nResources:\n", "\nOptions:\n")
                .containsSubsequence("\nQueues:\n", "--queue", "\nResources:\n", "--gpus", "\nExamples:\n")
                .doesNotContain("--log ", "--docker", "--force-current-version")
                .endsWith("  clearml-agent daemon --stop\n");
    }

    @Test
    void theHelpOfTheProgramHasALineForEachCommandAndExamplesAtItsEnd() {
        String help = help("--help");

        assertThat(help).containsSubsequence("\nOptions:\n", "\nCommands:\n", "\nExamples:\n");
        String commands = help.substring(help.indexOf("\nCommands:\n") + 11, help.indexOf("\nExamples:\n"));
        assertThat(commands.lines()).isNotEmpty().allMatch(line -> line.matches(" {2}[a-z]+ +[A-Z].*"));
    }

    @Test
    void theHelpOfACommandHasItsArgumentsAndCommandsBelowHeadings() {
        assertThat(help("run", "--help")).containsSubsequence("\n\nArguments:\n", "<script>", "\n\nOptions:\n");
        assertThat(help("plugins", "--help"))
                .containsSubsequence("\n\nOptions:\n", "\n\nCommands:\n", "install", "\n\nExamples:\n");
    }

    @Test
    void theUsageComesBeforeTheErrorOfAnInvalidCommandLine() {
        StringWriter err = new StringWriter();
        AgentCli cli = new AgentCli(
                new AgentProcess(Map.of(), folder, folder, "0.1.0"),
                new Redactor(),
                new PrintWriter(new StringWriter()),
                new PrintWriter(err, true));

        assertThat(cli.run(List.of("plugins", "verify", "--fast"))).isEqualTo(2);
        assertThat(err.toString().lines())
                .hasSize(2)
                .first()
                .asString()
                .startsWith("usage: clearml-agent plugins verify");
    }

    private String help(String... arguments) {
        StringWriter out = new StringWriter();
        AgentCli cli = new AgentCli(
                new AgentProcess(Map.of(), folder, folder, "0.1.0"),
                new Redactor(),
                new PrintWriter(out),
                new PrintWriter(new StringWriter(), true));
        assertThat(cli.run(List.of(arguments))).isZero();
        return out.toString();
    }
}
