// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import ml.clear.agent.runtime.boot.AgentProcess;
import ml.clear.agent.runtime.redact.Redactor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigCommandTest {

    private final Path home;
    private final Path file;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    ConfigCommandTest(@TempDir Path home) {
        this.home = home;
        this.file = home.resolve("clearml.conf");
    }

    private int run(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        AgentProcess agentProcess = new AgentProcess(Map.of(), home, home.resolve("installation"), "0.1.0");
        return new AgentCli(agentProcess, new Redactor(), new PrintWriter(out), new PrintWriter(err))
                .run(List.of(arguments));
    }

    @Test
    void validateFailsOnErrorsAndStrictlyOnWarnings() throws IOException {
        Files.writeString(
                file,
                "agent { no_such_key: 1, package_manager.type: pipp, executor.type: venb, vcs_credentials: [gti] }\nsdk.metrics: true");
        assertThat(run("config", "validate")).isEqualTo(78);
        assertThat(out.toString())
                .contains(file + ":1: agent.package_manager.type is 'pipp'; registered package managers are")
                .contains("agent.executor.type is 'venb'; registered executors are")
                .contains("agent.vcs_credentials is 'gti'; registered providers of credentials are")
                .contains("unknown key 'agent.no_such_key'");

        Path other = Files.writeString(home.resolve("other.conf"), "api.no_such_key: 1");
        assertThat(run("config", "validate", other.toString(), "--strict")).isEqualTo(78);
        assertThat(out.toString()).contains("other.conf:1: unknown key 'api.no_such_key'");
    }

    @Test
    void aByteOrderMarkIsNoPartOfTheFirstKey() throws IOException {
        Files.writeString(file, "\ufeffagent.git_user: a");

        assertThat(run("config", "get", "agent.git_user")).isZero();
        assertThat(out.toString()).isEqualTo("a\n");
    }

    @Test
    void aFileThatIsMissingOrAFolderOrMayNotBeReadCannotBeUsed() throws IOException {
        Path folder = Files.createDirectory(home.resolve("folder.conf"));
        for (Path path : List.of(home.resolve("none.conf"), folder)) {
            assertThat(run("config", "validate", path.toString())).isEqualTo(78);
            assertThat(err.toString()).contains("Could not open configuration file: " + path);
        }
        Files.writeString(file, "agent.git_user: a");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
        if (!Files.isReadable(file)) { // root reads every file
            assertThat(run("config", "validate")).isEqualTo(78);
            assertThat(out.toString()).contains(file + ": cannot be read: ");
        }
    }

    @Test
    void aFileThatCannotBeReadIsNotShownAsIfItWereWhole() throws IOException {
        Files.writeString(file, "agent { git_pass: geheim\n");
        for (List<String> command :
                List.of(List.of("config"), List.of("config", "show"), List.of("config", "get", "agent.git_pass"))) {
            assertThat(run(command.toArray(String[]::new))).isEqualTo(1);
            assertThat(out.toString()).isEmpty();
            assertThat(err.toString()).contains("is not closed").doesNotContain("geheim");
        }
    }

    @Test
    void aKeyIsSetReadAndExplained() throws IOException {
        assertThat(run("config", "set", "agent.worker_name", "m1")).isZero();
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(run("config", "get", "agent.worker_name")).isZero();
        assertThat(out.toString()).isEqualTo("m1\n");
        assertThat(run("config", "explain", "agent.worker_name")).isZero();
        assertThat(out.toString()).contains("from       " + file + ":1");
        assertThat(run("config", "show")).isZero();
        assertThat(out.toString()).isEqualTo("agent.worker_name = m1\n");
        assertThat(run("config", "show", "--all", "--origin")).isZero();
        assertThat(out.toString()).contains("agent.reload_config = false    # default\n");
    }

    @Test
    void aKeyThatDoesNotExistEndsWithAnErrorAndTheNearestOne() {
        for (String command : List.of("get", "explain")) {
            assertThat(run("config", command, "agent.worker_nmae")).isEqualTo(1);
            assertThat(err.toString())
                    .contains("no setting is called 'agent.worker_nmae'; the nearest are agent.worker_name");
        }
        assertThat(run("config", "explain", "agent.worker_nmae", "agent.worker_id"))
                .isEqualTo(1);
        assertThat(out.toString()).startsWith("agent.worker_id\n");
        assertThat(run("config", "explain")).isEqualTo(2);
        assertThat(run("config", "set", "agent.worker_nmae", "x")).isEqualTo(1);
        assertThat(file).doesNotExist();
    }

    @Test
    void aloneItPrintsEveryValueInTheFormOfTheFile() throws IOException {
        Files.writeString(
                file,
                "agent { git_pass: geheim, worker_name: \"a b\", git_fetch_args: [\"--all\", \"x y\"] }\nsdk.\"a b\".c: 1");

        assertThat(run("config")).isZero();

        assertThat(out.toString().lines().map(String::strip))
                .startsWith("# Current configuration (clearml_agent v0.1.0, location: " + file + "):")
                .contains(
                        "agent.git_pass = \"****\"",
                        "agent.worker_name = \"a b\"",
                        "agent.git_fetch_args = [\"--all\", \"x y\"]",
                        "agent.reload_config = false",
                        "sdk.\"a b\".c = 1");
        List<String> values = out.toString().lines().skip(1).toList();
        Path printed = Files.writeString(home.resolve("printed.conf"), out.toString());
        assertThat(run("--config-file", printed.toString(), "config")).isZero();
        assertThat(out.toString().lines().skip(1)).containsExactlyElementsOf(values);
    }

    @Test
    void validateChecksWhatTheConfigurationNamesOnRequest() throws IOException {
        Path noFolder = Files.writeString(home.resolve("no-folder"), "");
        Files.writeString(file, """
                agent { venvs_dir: "%s/x", python_binary: "%s/no-python", state_dir: "%s/state" }
                api { api_server: "http://127.0.0.1:9", credentials { access_key: a, secret_key: geheim } }
                """.formatted(noFolder, home, home));

        run("config", "validate");
        assertThat(out.toString()).doesNotContain("venvs_dir", "python_binary", "api_server");
        assertThat(run("config", "validate", "--check")).isEqualTo(78);

        assertThat(out.toString())
                .contains(file + ":1: agent.venvs_dir: '" + noFolder + "/x' cannot be written, since '" + noFolder
                        + "' is no folder")
                .contains(file + ":1: agent.python_binary: ")
                .contains(file + ":2: api.api_server: ")
                .doesNotContain("geheim");
    }

    @Test
    void schemaAndReferenceHoldTheKeysAndNoSectionTakesOthers() {
        assertThat(run("config", "schema")).isZero();
        assertThat(out.toString()).contains("\"worker_name\"", "\"additionalProperties\": false", "2020-12");
        assertThat(run("config", "reference")).isZero();
        assertThat(out.toString())
                .contains("| `agent.worker_name` | text |", "| `sdk.aws.s3.credentials.host` | text |");
    }
}
