// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import ml.clear.agent.testkit.GitOverHttp;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tasks with the real SDK, on an embedded server whose certificate no public authority has signed. The tasks run in one prepared
 * environment, so that nothing is installed for them.
 */
@Tag("thorough")
@Timeout(400)
class SdkTaskIT {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Path CONFIG =
            Path.of(System.getProperty("repository")).resolve("distribution/src/test/config");
    private static final String VALUES = "sdk values:";

    /** The values of {@code sdk.*} as the SDK in this process sees them, each leaf with its path. */
    private static final String SHOW_CONFIGURATION = """
            import hashlib, json
            from clearml.config import config_obj
            def leaves(value, path):
                if hasattr(value, "items"):
                    for name, member in value.items():
                        yield from leaves(member, path + "." + name)
                elif isinstance(value, list):
                    for number, member in enumerate(value):
                        yield from leaves(member, path + "." + str(number))
                elif path.endswith(("secret", "_key", "credentials_json")):  # the console would mask it
                    yield path, hashlib.sha256(value.encode()).hexdigest()
                else:
                    yield path, value
            print("sdk values:", json.dumps(dict(leaves(config_obj.get("sdk"), "sdk")), sort_keys=True))
            """;

    private static final String REPORT = """
            from clearml import Task
            task = Task.init(output_uri=False)
            task.get_logger().report_scalar("loss", "train", iteration=1, value=0.25)
            print("reported over", task.session.host[:8])
            """;

    @TempDir
    private static Path folder;

    private static PythonPackages sdk;
    private static AgentHome home;
    private static ServerClient server;
    private static String block;

    @BeforeAll
    static void start() throws IOException {
        sdk = PythonPackages.installed("sdk", "clearml-task");
        home = AgentHome.emptyIn(folder, Installation.shared())
                .with("CLEARML_AGENT__AGENT__EMBEDDED_SERVER__TLS", "true")
                .with("CLEARML_AGENT_SKIP_PYTHON_ENV_INSTALL", "1")
                .with("CLEARML_AGENT_SKIP_PIP_VENV_INSTALL", sdk.command("python"));
        Shell.Finished started = home.run("server", "start", "--detach");
        assertThat(started.status()).as(started.err()).isZero();
        server = home.server();
        block = started.out().substring(started.out().indexOf("api {"));
    }

    @AfterAll
    static void stop() {
        if (home != null) {
            home.close();
        }
    }

    @Test
    void theBlockThatTheServerPrintsLetsScriptsReportWithoutAProcessOfItsOwn() throws IOException {
        JsonNode values = seenBy(configuration(block));

        assertThat(values.get("sdk.development.report_use_subprocess").asBoolean())
                .isFalse();
    }

    @Test
    void aTaskReportsWithoutAProcessOfItsOwnThoughItsConfigurationDoesNotSaySo() throws IOException {
        Path silent = configuration(block.replaceAll("(?m)^.*report_use_subprocess.*$", ""));
        assertThat(seenBy(silent).has("sdk.development.report_use_subprocess")).isFalse();

        List<String> console = completes(silent, SHOW_CONFIGURATION, home);

        assertThat(values(console).get("sdk.development.report_use_subprocess").asBoolean())
                .isFalse();
    }

    @Test
    void theTaskTrustsTheAuthorityOfTheConfigurationBesideTheOneOfAVariable() throws IOException {
        assertThat(block).contains("verify_certificate: \"");

        List<String> console =
                completes(configuration(block), REPORT, home.with("REQUESTS_CA_BUNDLE", anotherAuthority()));

        assertThat(console).contains("reported over https://");
    }

    @Test
    void withoutVerificationTheTaskConnectsThoughAVariableNamesAnAuthority() throws IOException {
        String unverified = block.replaceFirst("verify_certificate: \"[^\"]*\"", "verify_certificate: false");

        List<String> console =
                completes(configuration(unverified), REPORT, home.with("REQUESTS_CA_BUNDLE", anotherAuthority()));

        assertThat(console).contains("reported over https://");
    }

    /** Each documented key has another value than the SDK's own default. */
    @Test
    void everyKeyOfTheSdkReachesTheTask() throws IOException {
        Path configuration = configuration(block + "\n" + Files.readString(CONFIG.resolve("sdk-values.conf")));

        List<String> console = completes(configuration, SHOW_CONFIGURATION, home);

        JsonNode inTask = values(console);
        JsonNode own = seenBy(configuration);
        JsonNode defaults = seenBy(configuration(block));
        own.properties()
                .forEach(value -> assertThat(inTask.get(value.getKey()))
                        .as(value.getKey())
                        .isEqualTo(value.getValue()));
        for (String key : Files.readAllLines(CONFIG.resolve("documented-keys.txt"))) {
            if (key.startsWith("sdk.") && !key.equals("sdk.development.default_output_uri")) {
                assertThat(own.propertyNames())
                        .as(key + " is set, and not to its default")
                        .anyMatch(path ->
                                path.replaceAll("\\.[0-9]+(?=\\.|$)", "").matches(Pattern.quote(key) + "(\\..*)?")
                                        && !own.get(path).equals(defaults.get(path)));
            }
        }
    }

    @Test
    void aScriptThatDoesNotConnectIsMadeTo() throws IOException {
        String script = """
                from __future__ import annotations
                import sys
                print("connected", sys.modules["clearml"].Task.current_task() is not None)
                """;

        List<String> console = completes(configuration(block + "\nagent.force_task_init: true"), script, home);

        assertThat(console).contains("adding Task.init() to the script, behind line 1", "connected True");
    }

    /** The client adds a patch that fills {@code requirements.txt}, which the repository does not have. */
    @Test
    void aTaskOfTheOfficialClientRunsThoughItsRepositoryHasNoRequirements() throws Exception {
        Path repositories = Files.createDirectories(folder.resolve("repositories"));
        String project = ComparedProject.in(repositories, folder);
        Path configuration = configuration(block);
        try (GitOverHttp git = new GitOverHttp(repositories)) {
            Shell.Finished made = home.shell()
                    .with("CLEARML_CONFIG_FILE", configuration.toString())
                    // without an agent the SDK looks at the variable alone
                    .with(
                            "REQUESTS_CA_BUNDLE",
                            home.serverData().resolve("certificate.pem").toString())
                    .run(
                            sdk.command("clearml-task"),
                            "--project",
                            "client",
                            "--name",
                            "of the client",
                            "--repo",
                            git.address(project),
                            "--branch",
                            ComparedProject.WITHOUT_REQUIREMENTS,
                            "--script",
                            "train.py",
                            "--cwd",
                            "jobs");
            assertThat(made.status()).as(made.out() + made.err()).isZero();
            String task = server.tasks().getLast();

            List<String> console = run(configuration, task, home);

            assertThat(server.task(task).at("/script/diff").asString()).contains("requirements.txt");
            assertThat(console).contains("trained in jobs");
        }
    }

    /** A task that carries its script; its console when it has completed. */
    private static List<String> completes(Path configuration, String script, AgentHome as) {
        Map<String, String> parts =
                Map.of("binary", "python3", "entry_point", "task.py", "working_dir", ".", "diff", script);
        String task = server.call("tasks.create", Map.of("name", "sdk", "type", "testing", "script", parts))
                .get("id")
                .asString();
        return run(configuration, task, as);
    }

    private static List<String> run(Path configuration, String task, AgentHome as) {
        Shell.Finished ended = as.run("--config-file", configuration.toString(), "execute", "--id", task);
        assertThat(ended.status()).as(ended.out() + ended.err()).isZero();
        assertThat(server.task(task).get("status").asString()).isEqualTo("completed");
        return ended.out().lines().toList();
    }

    /** What the SDK reads of a file without any agent. */
    private static JsonNode seenBy(Path configuration) {
        Shell.Finished shown = home.shell()
                .with("CLEARML_CONFIG_FILE", configuration.toString())
                .run(sdk.command("python"), "-c", SHOW_CONFIGURATION);
        assertThat(shown.status()).as(shown.err()).isZero();
        return values(shown.out().lines().toList());
    }

    private static JsonNode values(List<String> lines) {
        return lines.stream()
                .filter(line -> line.startsWith(VALUES))
                .map(line -> JSON.readTree(line.substring(VALUES.length())))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no values in " + lines));
    }

    /** The bundle of an authority that has not signed the server's certificate. */
    private static String anotherAuthority() throws IOException {
        Path bundle = folder.resolve("another-authority.pem");
        Shell.Finished found = Shell.in(folder).run(sdk.command("python"), "-m", "certifi");
        assertThat(found.status()).as(found.err()).isZero();
        Files.copy(Path.of(found.out().strip()), bundle, StandardCopyOption.REPLACE_EXISTING);
        return bundle.toString();
    }

    private static Path configuration(String text) throws IOException {
        Path file = Files.createTempFile(folder, "clearml", ".conf"); // its owner's alone
        return Files.writeString(file, text);
    }
}
