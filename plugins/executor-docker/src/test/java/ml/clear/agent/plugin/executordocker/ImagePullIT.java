// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.executordocker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorKind;
import ml.clear.agent.api.execution.AttemptId;
import ml.clear.agent.api.execution.ExecutionRequest;
import ml.clear.agent.api.execution.ExecutionState;
import ml.clear.agent.api.execution.TaskFacts;
import ml.clear.agent.api.python.PackageSettings;
import ml.clear.agent.api.storage.DownloadSettings;
import ml.clear.agent.api.task.Container;
import ml.clear.agent.api.task.TaskId;
import ml.clear.agent.api.vcs.VcsSettings;
import ml.clear.agent.testkit.DockerEngine;
import ml.clear.agent.testkit.EngineExtension;
import ml.clear.agent.testkit.ImageRegistry;
import ml.clear.agent.testkit.TestContext;
import ml.clear.agent.testkit.TestSettings;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** Images of real registries, with and without login. */
@Tag("thorough")
@ExtendWith(EngineExtension.class)
class ImagePullIT {

    private static final String TINY = "clearml-test/tiny";
    private static final AtomicInteger ATTEMPTS = new AtomicInteger();

    @TempDir
    private static Path registries;

    private static DockerEngine engine;
    private static ImageRegistry open;
    private static ImageRegistry guarded;

    @TempDir
    private Path temporary;

    private Path home = Path.of("");
    private Path execution = Path.of("");
    private final Map<Setting<?>, Object> values = new HashMap<>();

    /** A shell and what it is linked with are enough for a start; two layers. */
    @BeforeAll
    static void makeImages(DockerEngine shared) throws Exception {
        assumeTrue(ImageRegistry.obstacle().isEmpty() || Boolean.getBoolean("require.real"), "no docker-registry");
        assertThat(ImageRegistry.obstacle()).isEmpty();
        engine = shared;
        open = ImageRegistry.open(Files.createDirectory(registries.resolve("open")));
        guarded = ImageRegistry.withLogin(Files.createDirectory(registries.resolve("guarded")));
        Path archive = registries.resolve("tiny.tar");
        run("sh", "-c", "tar -hcPf \"$0\" /bin/sh $(ldd /bin/sh | grep -o '/[^ ]*')", archive.toString());
        engine.docker("import", archive.toString(), TINY);
        addLayer("one");
        engine.docker("tag", TINY, open.image("task:1"));
        engine.docker("tag", TINY, guarded.image("task:1"));
        engine.docker("push", open.image("task:1"));
        run(
                "docker",
                "--config",
                registries.toString(),
                "--host",
                engine.host(),
                "login",
                "--username=" + ImageRegistry.USER,
                "--password=" + ImageRegistry.PASSWORD,
                guarded.image("").replace("/", ""));
        run("docker", "--config", registries.toString(), "--host", engine.host(), "push", guarded.image("task:1"));
    }

    @AfterAll
    static void endRegistries() throws Exception {
        for (ImageRegistry registry : new ImageRegistry[] {open, guarded}) {
            if (registry != null) {
                registry.close();
            }
        }
    }

    @BeforeEach
    void forgetImages() throws Exception {
        home = Files.createDirectories(temporary.resolve("home"));
        execution = Files.createDirectories(temporary.resolve("execution"));
        List<String> images = engine.docker("images", "--format={{.Repository}} {{.ID}}")
                .lines()
                .filter(line -> line.startsWith("127.0.0.1:") || line.startsWith(TINY))
                .map(line -> line.substring(line.indexOf(' ') + 1))
                .distinct()
                .toList();
        for (String image : images) {
            engine.docker("rmi", "--force", image);
        }
    }

    @AfterEach
    void removeContainers() throws Exception {
        for (String container : engine.docker("ps", "--all", "--quiet").lines().toList()) {
            engine.docker("rm", "--force", container);
        }
    }

    @Test
    void aMissingImageIsPulledWithALineForEachLayer() throws Exception {
        assertThat(start(open.image("task:1"))).isEqualTo(new ExecutionState.Ended(0));

        assertThat(log())
                .containsSubsequence(
                        "clearml-agent: pulling image '" + open.image("task:1") + "'",
                        "clearml-agent: pulled image '" + open.image("task:1") + "'");
        assertThat(log().lines().filter(line -> line.matches("clearml-agent: layer [0-9a-f]{12} pulled.*")))
                .hasSize(2)
                .last()
                .asString()
                .endsWith("(2 of 2)");
    }

    @Test
    void aForcedPullGetsWhatTheRegistryHasNow() throws Exception {
        start(open.image("task:1"));
        String first = id(open.image("task:1"));
        engine.docker("tag", open.image("task:1"), TINY);
        addLayer("two");
        engine.docker("tag", TINY, open.image("task:1"));
        engine.docker("push", open.image("task:1"));
        String second = id(open.image("task:1"));
        engine.docker("tag", first, open.image("task:1"));

        start(open.image("task:1"));
        assertThat(id(open.image("task:1"))).isEqualTo(first).isNotEqualTo(second);

        values.put(DockerSettings.FORCE_PULL, true);
        start(open.image("task:1"));
        assertThat(id(open.image("task:1"))).isEqualTo(second);
    }

    @Test
    void theLoginOfDockersOwnConfigurationIsUsed() throws Exception {
        configure(Map.of("auths", Map.of(host(guarded), Map.of("auth", pair(ImageRegistry.PASSWORD)))));

        assertThat(start(guarded.image("task:1"))).isEqualTo(new ExecutionState.Ended(0));
        assertThat(log()).doesNotContain(ImageRegistry.PASSWORD);
    }

    @Test
    void aHelperOfDockerIsAskedForTheLogin() throws Exception {
        Path helper = Files.createDirectories(home.resolve("bin")).resolve("docker-credential-vault");
        Files.writeString(helper, """
            #!/bin/sh
            [ "$1" = get ] && [ "$(cat)" = "%s" ] || exit 1
            echo '{"Username": "%s", "Secret": "%s"}'
            """.formatted(host(guarded), ImageRegistry.USER, ImageRegistry.PASSWORD));
        Files.setPosixFilePermissions(helper, PosixFilePermissions.fromString("rwx------"));
        configure(Map.of("credHelpers", Map.of(host(guarded), "vault")));

        assertThat(start(guarded.image("task:1"))).isEqualTo(new ExecutionState.Ended(0));
    }

    @Test
    void aHelperThatIsMissingIsNamed() throws Exception {
        configure(Map.of("credsStore", "nowhere"));

        assertThat(start(open.image("task:1"))).isEqualTo(new ExecutionState.Ended(0));
        assertThat(log()).contains("'docker-credential-nowhere' does not answer");
    }

    @Test
    void aWrongLoginAMissingOneAndAMissingImageFailTheTaskWithTheAnswerOfTheRegistry() throws Exception {
        assertThatThrownBy(() -> start(guarded.image("task:1"))).satisfies(ImagePullIT::isOfTheTask);
        configure(Map.of("auths", Map.of(host(guarded), Map.of("auth", pair("wrong")))));
        assertThatThrownBy(() -> start(guarded.image("task:1")))
                .satisfies(ImagePullIT::isOfTheTask)
                .hasMessageContaining("unauthorized")
                .hasMessageContaining("docker login");

        assertThatThrownBy(() -> start(open.image("task:none")))
                .satisfies(ImagePullIT::isOfTheTask)
                .hasMessageContaining(open.image("task:none"))
                .hasMessageContaining("manifest unknown");
        assertThat(log()).doesNotContain("trying again");
    }

    @Test
    void aRegistryThatResetsConnectionsIsAskedAgain() throws Exception {
        try (Unreliable proxy = new Unreliable(open.port(), 3)) {
            assertThat(start("127.0.0.1:" + proxy.port() + "/task:1")).isEqualTo(new ExecutionState.Ended(0));
        }

        assertThat(log()).contains("; trying again");
    }

    private static void isOfTheTask(Throwable failure) {
        assertThat(failure)
                .isInstanceOfSatisfying(
                        AgentException.class,
                        e -> assertThat(e.code().kind()).as(e.getMessage()).isEqualTo(ErrorKind.USER));
    }

    private ExecutionState start(String image) throws Exception {
        TestSettings settings = TestSettings.defaults()
                .with(DockerSettings.EXTRA_ARGUMENTS, List.of("--network=host"))
                .with(DockerSettings.INIT_SCRIPT, List.of())
                .with(PackageSettings.ENVIRONMENT_CACHE, "")
                .with(PackageSettings.DOWNLOAD_CACHE, false)
                .with(VcsSettings.CACHE_ENABLED, false)
                .with(DownloadSettings.CACHE_FOLDER, home.resolve("sdk").toString())
                .with(DockerSettings.PIP_CACHE, "")
                .with(DockerSettings.APT_CACHE, "")
                .with(DockerSettings.POETRY_CACHE, "");
        for (Map.Entry<Setting<?>, Object> entry : values.entrySet()) {
            settings = settings.with(entry.getKey(), entry.getValue());
        }
        Map<String, String> variables = Map.of(
                "DOCKER_HOST",
                engine.host(),
                "HOME",
                home.toString(),
                "PATH",
                home.resolve("bin") + ":" + System.getenv("PATH"));
        TestContext context = TestContext.in(Files.createDirectories(temporary.resolve("context")))
                .with(settings)
                .with(variables);
        TaskFacts task = TaskFacts.of(new TaskId("0123456789abcdef0123456789abcdef"), new Container(image, "", ""));
        ExecutionRequest request = ExecutionRequest.builder(
                        new AttemptId("pull-" + ATTEMPTS.incrementAndGet()), task, execution)
                .command(List.of("sh", "-c", "exit 0"))
                .build();
        try (DockerExecutor executor = new DockerExecutor(context)) {
            return executor.start(request).await(Duration.ofMinutes(2));
        }
    }

    private String log() throws IOException {
        return Files.readString(execution.resolve(ExecutionRequest.SETUP_LOG));
    }

    private void configure(Map<String, Object> configuration) throws IOException {
        Path folder = Files.createDirectories(home.resolve(".docker"));
        Files.write(folder.resolve("config.json"), JsonMapper.shared().writeValueAsBytes(configuration));
    }

    private static String pair(String password) {
        return Base64.getEncoder()
                .encodeToString((ImageRegistry.USER + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    private static String host(ImageRegistry registry) {
        return "127.0.0.1:" + registry.port();
    }

    private static String id(String image) throws Exception {
        return engine.docker("image", "inspect", "--format={{.Id}}", image).strip();
    }

    private static void addLayer(String content) throws Exception {
        Path file = Files.writeString(registries.resolve("file"), content);
        String container = engine.docker("create", TINY, "sh").strip();
        engine.docker("cp", file.toString(), container + ":/file");
        engine.docker("commit", container, TINY);
        engine.docker("rm", container);
    }

    private static void run(String... command) throws Exception {
        Path output = Files.createTempFile(registries, "output", "");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor()).as(() -> content(output)).isZero();
    }

    private static String content(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** Resets the first connections, then passes them on. */
    private static final class Unreliable implements AutoCloseable {

        private final ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        private final int target;
        private int resets;

        Unreliable(int target, int resets) throws IOException {
            this.target = target;
            this.resets = resets;
            Thread.ofVirtual().start(this::accept);
        }

        int port() {
            return listening.getLocalPort();
        }

        private void accept() {
            try {
                while (true) {
                    Socket client = listening.accept();
                    if (resets-- > 0) {
                        client.setSoLinger(true, 0);
                        client.close();
                        continue;
                    }
                    Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
                    Thread.ofVirtual().start(() -> copy(client, server));
                    Thread.ofVirtual().start(() -> copy(server, client));
                }
            } catch (SocketException e) {
                // closed
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        private static void copy(Socket from, Socket to) {
            try (from;
                    to) {
                from.getInputStream().transferTo(to.getOutputStream());
            } catch (IOException e) {
                // one side has gone
            }
        }

        @Override
        public void close() throws IOException {
            listening.close();
        }
    }
}
