// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import ml.clear.agent.runtime.boot.AgentProcess;
import ml.clear.agent.runtime.config.ApiSettings;
import ml.clear.agent.runtime.config.Configuration;
import ml.clear.agent.runtime.config.ConfigurationLoader;
import ml.clear.agent.runtime.config.RuntimeSettings;
import ml.clear.agent.runtime.config.Vocabulary;
import ml.clear.agent.runtime.redact.Redactor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InitCommandTest {

    private static final Map<String, String> SECRETS =
            Map.of("CLEARML_API_SECRET_KEY", "s$\"#\\ecret", "CLEARML_AGENT_GIT_PASS", "git*token");

    private final Path home;
    private final Path file;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    InitCommandTest(@TempDir Path home) {
        this.home = home;
        this.file = home.resolve("clearml.conf");
    }

    private int init(Map<String, String> environment, String... arguments) {
        AgentProcess agentProcess = new AgentProcess(environment, home, home.resolve("installation"), "0.1.0");
        List<String> line = new ArrayList<>(List.of("init", "--non-interactive"));
        line.addAll(List.of(arguments));
        return new AgentCli(agentProcess, new Redactor(), new PrintWriter(out), new PrintWriter(err)).run(line);
    }

    @Test
    void withoutQuestionsTheFileIsMadeFromOptionsAndVariables() {
        assertThat(init(
                        SECRETS,
                        "--no-verify",
                        "--web-server",
                        "https://app.example.com",
                        "--access-key",
                        "KEY",
                        "--git-user",
                        "ann",
                        "--extra-index-url",
                        "https://index/simple"))
                .isZero();

        assertThat(PosixFilePermissions.toString(permissions())).isEqualTo("rw-------");
        Configuration read = new ConfigurationLoader(Map.of(), home)
                .load()
                .check(List.of(RuntimeSettings.declarations(List.of())), Vocabulary.all())
                .orThrow();
        assertThat(read.get(ApiSettings.API_SERVER)).hasToString("Optional[https://api.example.com]");
        assertThat(read.get(ApiSettings.SECRET_KEY).orElseThrow().reveal()).isEqualTo("s$\"#\\ecret");
        assertThat(out.toString() + err).doesNotContain("ecret", "git*token");
    }

    private Set<PosixFilePermission> permissions() {
        try {
            return Files.getPosixFilePermissions(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aFileThatExistsIsReplacedOnlyByForce() throws IOException {
        Files.writeString(file, "agent {");
        String[] options = {"--no-verify", "--api-server", "http://h:8008", "--access-key", "KEY"};
        assertThat(init(SECRETS, options)).isEqualTo(1);
        assertThat(file).hasContent("agent {");
        assertThat(init(SECRETS, "--force", "--no-verify", "--api-server", "http://h:8008", "--access-key", "KEY"))
                .isZero();
        assertThat(file).content().contains("api_server: \"http://h:8008\"");
    }

    @Test
    void whatIsMissingIsNamedAndAServerThatDoesNotAnswerLeavesNoFile() {
        assertThat(init(Map.of())).isEqualTo(2);
        assertThat(err.toString()).contains("init --non-interactive needs --api-server or CLEARML_API_HOST");
        assertThat(init(SECRETS, "--api-server", "http://127.0.0.1:1", "--access-key", "KEY"))
                .isEqualTo(1);
        assertThat(file).doesNotExist();
    }
}
