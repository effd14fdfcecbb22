// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import ml.clear.agent.runtime.boot.Surroundings;
import ml.clear.agent.runtime.redact.Redactor;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every command of the agent's own can be understood: no option has the name of another, and each has a sentence. */
class CommandHelpTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"run", "daemon", "execute", "build", "list", "config", "plugins"})
    void theHelpOfACommandNeedsNothingAndTellsOfEachOption(String command) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        AgentCli cli = new AgentCli(
                new Surroundings(Map.of(), folder, folder, "0.1.0"),
                new Redactor(),
                new PrintWriter(out),
                new PrintWriter(err, true));

        int status = cli.run(List.of(command, "--help"));

        assertThat(err.toString()).isEmpty();
        assertThat(status).isZero();
        assertThat(out.toString()).startsWith("Usage: clearml-agent " + command);
        assertThat(folder).isEmptyDirectory();
    }
}
