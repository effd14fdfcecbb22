// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.executordocker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.execution.Attachment;
import ml.clear.agent.api.execution.AttemptId;
import ml.clear.agent.api.execution.Execution;
import ml.clear.agent.api.execution.ExecutionReference;
import ml.clear.agent.api.execution.ExecutionRequest;
import ml.clear.agent.api.execution.ExecutionState;
import ml.clear.agent.api.execution.Executor;
import ml.clear.agent.api.execution.Placement;
import ml.clear.agent.api.execution.Resources;
import ml.clear.agent.api.execution.SharedPath;
import ml.clear.agent.api.execution.TaskFacts;
import ml.clear.agent.api.python.PackageSettings;
import ml.clear.agent.api.secret.Secret;
import ml.clear.agent.api.storage.DownloadSettings;
import ml.clear.agent.api.task.Container;
import ml.clear.agent.api.task.TaskId;
import ml.clear.agent.api.vcs.VcsSettings;
import ml.clear.agent.testkit.DockerEngine;
import ml.clear.agent.testkit.EngineExtension;
import ml.clear.agent.testkit.ExecutorContract;
import ml.clear.agent.testkit.TestContext;
import ml.clear.agent.testkit.TestSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Containers of a real engine. */
@Tag("thorough")
@ExtendWith(EngineExtension.class)
class DockerExecutorIT extends ExecutorContract {

    private static final TaskId TASK = new TaskId("0123456789abcdef0123456789abcdef");
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private static DockerEngine engine;
    private static int attempts;

    @TempDir
    private Path temporary;

    private final Map<Setting<?>, Object> values = new HashMap<>();
    private final Map<String, String> environment = new HashMap<>();

    @BeforeAll
    static void useEngine(DockerEngine shared) {
        engine = shared;
    }

    @BeforeEach
    void configure() throws IOException {
        Path home = Files.createDirectories(temporary.resolve("home"));
        environment.put("DOCKER_HOST", engine.host());
        environment.put("HOME", home.toString());
        environment.put("PATH", System.getenv("PATH"));
        values.put(DockerSettings.EXTRA_ARGUMENTS, List.of("--network=host"));
        values.put(DockerSettings.INIT_SCRIPT, List.of()); // the contract wants no packages
        values.put(DockerSettings.PIP_CACHE, home.resolve("pip").toString());
        values.put(DockerSettings.APT_CACHE, "");
        values.put(DockerSettings.POETRY_CACHE, "");
        values.put(PackageSettings.ENVIRONMENT_CACHE, "");
        values.put(PackageSettings.DOWNLOAD_CACHE, false);
        values.put(DownloadSettings.CACHE_FOLDER, home.resolve("sdk").toString());
        values.put(VcsSettings.CACHE_ENABLED, false);
    }

    @AfterEach
    void nothingIsLeftBehind() throws Exception {
        for (String container : engine.docker("ps", "--all", "--quiet").lines().toList()) {
            engine.docker("rm", "--force", container);
        }
        assertThat(engine.docker("volume", "ls", "--quiet")).isBlank();
    }

    @Override
    protected TaskFacts task() {
        return TaskFacts.of(TASK, new Container(DockerEngine.IMAGE, "", ""));
    }

    @Override
    protected Executor executor() throws IOException {
        Path folder = Files.createDirectories(temporary.resolve("context"));
        TestSettings settings = TestSettings.defaults();
        for (Map.Entry<Setting<?>, Object> entry : values.entrySet()) {
            settings = settings.with(entry.getKey(), entry.getValue());
        }
        return new DockerExecutor(TestContext.in(folder).with(settings).with(environment));
    }

    @Test
    void imageArgumentsResourcesLabelsAndMountsReachTheContainer() throws Exception {
        values.put(DockerSettings.EXTRA_LABELS, List.of("team=vision"));
        values.put(DockerSettings.NAME_FORMAT, "{task_id:.8}-{worker_id}");
        Path data = Files.createDirectories(Path.of(System.getProperty("user.home"), ".cache", "clearml-agent-tests"));
        ExecutionRequest request = ExecutionRequest.builder(
                        attempt(), facts("--shm-size 128m -e COLOUR=blue -v " + data + ":/data:ro"), execution())
                .command(List.of("sleep", "60"))
                .environment(Map.of("PLAIN", "one"))
                .secrets(Map.of("HIDDEN", Secret.of("canary-7")))
                .resources(new Resources("none", 0.5, 200_000_000))
                .labels(Map.of("clearml-worker-id", "box.0"))
                .paths(List.of(new SharedPath(execution(), SharedPath.Access.WRITE)))
                .build();

        Execution execution = executor().start(request);

        JsonNode container = inspect(execution);
        JsonNode host = container.path("HostConfig");
        assertThat(container.path("Name").asString()).isEqualTo("/01234567-box.0");
        assertThat(host.path("NanoCpus").asLong()).isEqualTo(500_000_000);
        assertThat(host.path("Memory").asLong()).isEqualTo(200_000_000);
        assertThat(host.path("ShmSize").asLong()).isEqualTo(128 * 1024 * 1024);
        assertThat(host.path("NetworkMode").asString()).isEqualTo("host");
        assertThat(host.path("Binds").toString())
                .contains(data + ":/data:ro", execution() + ":" + execution(), "/pip:/root/.cache/pip");
        JsonNode labels = container.path("Config").path("Labels");
        assertThat(labels.path("team").asString()).isEqualTo("vision");
        assertThat(labels.path("clearml-worker-id").asString()).isEqualTo("box.0");
        assertThat(container.path("Config").path("Env").toString())
                .contains("COLOUR=blue", "PLAIN=one", "NVIDIA_VISIBLE_DEVICES=none", "CLEARML_TASK_ID=" + TASK);
        assertThat(container.toString()).doesNotContain("canary-7");
        execution.kill();
        assertThat(execution.await(LIMIT)).isEqualTo(new ExecutionState.Ended(137));
        assertThat(engine.docker("ps", "--all", "--quiet")).isBlank();
    }

    @Test
    void scriptsOfTheAgentAndTheTaskRunBeforeTheTask() throws Exception {
        values.put(DockerSettings.FIRST_SCRIPT, List.of("echo first"));
        values.put(DockerSettings.INIT_SCRIPT, List.of("echo init ${{#HOME}}"));
        values.put(DockerSettings.EXTRA_SCRIPT, List.of("export EXTRA=of-the-agent"));
        TaskFacts task =
                TaskFacts.of(TASK, new Container(DockerEngine.IMAGE, "", "# a comment\n\necho setup $EXTRA\n"));
        ExecutionRequest request = ExecutionRequest.builder(attempt(), task, execution())
                .command(List.of("sh", "-c", "echo task $EXTRA"))
                .build();

        assertThat(executor().start(request).await(LIMIT)).isEqualTo(new ExecutionState.Ended(0));

        assertThat(Files.readAllLines(execution().resolve(ExecutionRequest.SETUP_LOG)))
                .containsSubsequence("first", "init 5", "setup of-the-agent");
        assertThat(Files.readAllLines(execution().resolve("execute.log")))
                .contains("task of-the-agent")
                .doesNotContain("first", "setup of-the-agent");
    }

    @Test
    void programsOfDebianTrustTheAuthorityOfTheSite() throws Exception {
        Path bundle = engine.certificates().resolve("ca.pem");
        String address =
                engine.secureHost().replace("tcp:", "https:"); // git has no certificate for it, but checks its one
        ExecutionRequest.Builder request = ExecutionRequest.builder(attempt(), task(), execution())
                .command(List.of("sh", "-c", "git ls-remote " + address + " || true"));

        executor().start(request.build()).await(LIMIT);
        assertThat(execution().resolve("execute.log")).content().contains("certificate verification failed");

        Files.delete(execution().resolve("execute.log"));
        executor()
                .start(ExecutionRequest.builder(attempt(), task(), execution())
                        .command(List.of("sh", "-c", "git ls-remote " + address + " || true"))
                        .environment(Map.of("SSL_CERT_FILE", bundle.toString()))
                        .paths(List.of(
                                new SharedPath(execution(), SharedPath.Access.WRITE),
                                new SharedPath(bundle, SharedPath.Access.READ)))
                        .build())
                .await(LIMIT);
        assertThat(execution().resolve("execute.log"))
                .content()
                .contains("fatal: unable to access")
                .doesNotContain("certificate verification failed");
    }

    @Test
    void aPublishedPortInUseIsMovedAndRecordedWithTheChosenContainer() throws Exception {
        values.put(DockerSettings.IMAGE, DockerEngine.IMAGE);
        values.put(DockerSettings.PORT_RANGE, List.of(20_000, 60_000));
        List<Placement> placed = new ArrayList<>();
        try (ServerSocket used = new ServerSocket(0)) {
            values.put(
                    DockerSettings.ARGUMENTS,
                    List.of(
                            "--network",
                            "none",
                            "-p",
                            used.getLocalPort() + ":80",
                            "--label=queue=${CLEARML_QUEUE_NAME}"));
            values.put(DockerSettings.EXTRA_ARGUMENTS, List.of());
            ExecutionRequest request = ExecutionRequest.builder(
                            attempt(), TaskFacts.of(TASK, new Container("", "", "echo own")), execution())
                    .command(List.of("sleep", "60"))
                    .queue("vision")
                    .placed(placed::add)
                    .build();

            Execution execution = executor().start(request);

            JsonNode ports =
                    inspect(execution).path("HostConfig").path("PortBindings").path("80/tcp");
            String port = ports.get(0).path("HostPort").asString();
            assertThat(inspect(execution).path("Config").path("Env").toString()).contains("CLEARML_AGENT_HOST_IP=");
            assertThat(Integer.parseInt(port)).isBetween(20_000, 60_000).isNotEqualTo(used.getLocalPort());
            assertThat(placed)
                    .containsExactly(new Placement(
                            new Container(
                                    DockerEngine.IMAGE,
                                    "--network none -p " + used.getLocalPort()
                                            + ":80 '--label=queue=${CLEARML_QUEUE_NAME}'",
                                    "echo own"),
                            Map.of("_external_host_tcp_port_mapping", port + ":80")));
            assertThat(inspect(execution)
                            .path("Config")
                            .path("Labels")
                            .path("queue")
                            .asString())
                    .isEqualTo("vision");
            execution.kill();
            assertThat(execution.await(LIMIT)).isEqualTo(new ExecutionState.Ended(137));
        }
    }

    @Test
    void anImageThatNoRegistryHasEndsTheTaskWithTheReason() throws Exception {
        TaskFacts task = TaskFacts.of(TASK, new Container("localhost:1/no/such:image", "", ""));
        ExecutionRequest request = ExecutionRequest.builder(attempt(), task, execution())
                .command(List.of("true"))
                .build();

        assertThatThrownBy(() -> executor().start(request))
                .isInstanceOfSatisfying(
                        AgentException.class, e -> assertThat(e.getMessage()).contains("localhost:1/no/such:image"));
    }

    @Test
    void aForcedPullAsksTheRegistryForAnImageThatIsThere() throws Exception {
        values.put(DockerSettings.FORCE_PULL, true);
        engine.docker("tag", DockerEngine.IMAGE, "localhost:1/forced:1");
        TaskFacts task = TaskFacts.of(TASK, new Container("localhost:1/forced:1", "", ""));
        ExecutionRequest request = ExecutionRequest.builder(attempt(), task, execution())
                .command(List.of("true"))
                .build();

        assertThatThrownBy(() -> executor().start(request)).hasMessageContaining("cannot pull image");

        values.put(DockerSettings.FORCE_PULL, false);
        assertThat(executor().start(request).await(LIMIT)).isEqualTo(new ExecutionState.Ended(0));
    }

    @Test
    void argumentsOfTheTaskCannotReachTheMachine() throws Exception {
        String socket = engine.host().substring("unix://".length());
        for (String arguments :
                List.of("--privileged", "-v /:/host", "-v " + socket + ":/s", "--pid=host", "--cap-add ALL")) {
            ExecutionRequest request = ExecutionRequest.builder(attempt(), facts(arguments), execution())
                    .command(List.of("true"))
                    .build();

            assertThatThrownBy(() -> executor().start(request))
                    .as(arguments)
                    .isInstanceOfSatisfying(
                            AgentException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TASK_INVALID))
                    .hasMessageContaining("is refused");
        }
    }

    @Test
    void anOperatorMayTrustTheArgumentsOfTasks() throws Exception {
        values.put(DockerSettings.TRUST_TASKS, true);
        values.put(DockerSettings.KEEP, true);
        ExecutionRequest request = ExecutionRequest.builder(attempt(), facts("-v /etc:/machine:ro"), execution())
                .command(List.of("true"))
                .build();

        Execution execution = executor().start(request);

        assertThat(execution.await(LIMIT)).isEqualTo(new ExecutionState.Ended(0));
        assertThat(inspect(execution).path("HostConfig").path("Binds").toString())
                .contains("/etc:/machine:ro");
    }

    @Test
    void aLackOfMemoryIsReportedAsTheReason() throws Exception {
        ExecutionRequest request = ExecutionRequest.builder(
                        attempt(), facts("--memory 32m --memory-swap 32m"), execution())
                .command(List.of("python3", "-c", "x = bytearray(300_000_000)"))
                .build();

        assertThat(executor().start(request).await(LIMIT))
                .isInstanceOfSatisfying(
                        ExecutionState.Ended.class,
                        ended -> assertThat(ended.reason()).contains("lack of memory"));
    }

    @Test
    void aContainerThatEndedUnseenIsRemovedWhenTheNextDaemonStarts() throws Exception {
        ExecutionRequest request = ExecutionRequest.builder(attempt(), task(), execution())
                .command(List.of("sh", "-c", "rm -r \"" + execution() + "\"/*"))
                .build();
        Execution execution = executor().start(request);
        engine.docker("wait", execution.handle());

        executor().verify();

        assertThat(engine.docker("ps", "--all", "--quiet")).isBlank();
        assertThat(execution()).isEmptyDirectory(); // made anew by this call
    }

    @Test
    void anEngineThatIsRestartedLosesNoExecution() throws Exception {
        ExecutionRequest request = ExecutionRequest.builder(attempt(), task(), execution())
                .command(List.of("sh", "-c", "sleep 5; exit 9"))
                .build();
        Executor executor = executor();
        Execution execution = executor.start(request);
        ExecutionReference reference = new ExecutionReference(request.attempt(), execution.handle(), execution());

        engine.whileStopped(() -> {
            try {
                assertThat(executor.attach(reference)).isInstanceOf(Attachment.Unknown.class);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });

        assertThat(execution.await(LIMIT)).isEqualTo(new ExecutionState.Ended(9));
    }

    private JsonNode inspect(Execution execution) throws Exception {
        return JsonMapper.shared()
                .readTree(engine.docker("inspect", execution.handle()))
                .get(0);
    }

    private static TaskFacts facts(String arguments) {
        return TaskFacts.of(TASK, new Container(DockerEngine.IMAGE, arguments, ""));
    }

    private Path execution() throws IOException {
        return Files.createDirectories(temporary.resolve("own execution"));
    }

    private static AttemptId attempt() {
        attempts++;
        return new AttemptId("docker-" + ProcessHandle.current().pid() + "-" + attempts);
    }
}
