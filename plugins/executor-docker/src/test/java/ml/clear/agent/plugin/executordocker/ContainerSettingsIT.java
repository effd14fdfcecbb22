// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.executordocker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.execution.AttemptId;
import ml.clear.agent.api.execution.Execution;
import ml.clear.agent.api.execution.ExecutionRequest;
import ml.clear.agent.api.execution.ExecutionState;
import ml.clear.agent.api.execution.SharedPath;
import ml.clear.agent.api.execution.TaskFacts;
import ml.clear.agent.api.python.PackageSettings;
import ml.clear.agent.api.storage.DownloadSettings;
import ml.clear.agent.api.task.Container;
import ml.clear.agent.api.task.Script;
import ml.clear.agent.api.task.TaskId;
import ml.clear.agent.api.vcs.VcsSettings;
import ml.clear.agent.testkit.DockerEngine;
import ml.clear.agent.testkit.EngineExtension;
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

/** What settings make of a container, as a real engine describes it. */
@Tag("thorough")
@ExtendWith(EngineExtension.class)
class ContainerSettingsIT {

    private static final TaskId TASK = new TaskId("0123456789abcdef0123456789abcdef");

    private static DockerEngine engine;
    private static int attempts;

    @TempDir
    private Path temporary;

    private Path home = Path.of("");
    private final Map<Setting<?>, Object> values = new HashMap<>();
    private final Map<String, String> environment = new HashMap<>();

    @BeforeAll
    static void useEngine(DockerEngine shared) {
        engine = shared;
    }

    @BeforeEach
    void configure() throws IOException {
        home = Files.createDirectories(temporary.resolve("home"));
        environment.put("DOCKER_HOST", engine.host());
        environment.put("HOME", home.toString());
        values.put(DockerSettings.INIT_SCRIPT, List.of());
        values.put(DockerSettings.IMAGE, DockerEngine.IMAGE);
        values.put(DockerSettings.EXTRA_ARGUMENTS, List.of("--network=host"));
        values.put(DockerSettings.APT_CACHE, home.resolve("apt").toString());
        values.put(DockerSettings.PIP_CACHE, home.resolve("pip").toString());
        values.put(DockerSettings.POETRY_CACHE, home.resolve("poetry").toString());
        values.put(PackageSettings.ENVIRONMENT_CACHE, home.resolve("venvs").toString());
        values.put(
                PackageSettings.DOWNLOAD_CACHE_FOLDER, home.resolve("downloads").toString());
        values.put(DownloadSettings.CACHE_FOLDER, home.resolve("sdk").toString());
        values.put(VcsSettings.CACHE_PATH, home.resolve("repositories").toString());
    }

    @AfterEach
    void removeContainers() throws Exception {
        for (String container : engine.docker("ps", "--all", "--quiet").lines().toList()) {
            engine.docker("rm", "--force", container);
        }
    }

    @Test
    void cachesAndKeysAreMountedWhereToolsOfTheImageLookForThem() throws Exception {
        Files.createDirectories(home.resolve(".ssh"));
        Files.writeString(home.resolve(".git-credentials"), "");
        values.put(DockerSettings.INTERNAL_MOUNTS, Map.of("poetry_cache", "/poetry", "ssh_ro_folder", "/keys"));

        assertThat(binds(container("")))
                .contains(
                        home + "/apt:/var/cache/apt/archives",
                        home + "/pip:/root/.cache/pip",
                        home + "/poetry:/poetry",
                        home + "/venvs:/root/.clearml/venvs-cache",
                        home + "/repositories:/root/.clearml/vcs-cache",
                        home + "/sdk:/clearml_agent_cache",
                        temporary.resolve("context") + "/cache/tools:/root/.clearml/cache/.tools",
                        home + "/downloads:/root/.clearml/pip-download-cache",
                        home + "/.ssh:/keys:ro",
                        home + "/.git-credentials:/keys.git/.git-credentials:ro");
    }

    @Test
    void whatIsTurnedOffOrBelongsToAnotherUserIsNotMounted() throws Exception {
        Files.createDirectories(home.resolve(".ssh"));
        values.put(DockerSettings.NO_SSH, true);
        values.put(DockerSettings.APT_CACHE, "");

        assertThat(binds(container("--user 1000")))
                .noneMatch(bind -> bind.contains(".ssh"))
                .noneMatch(bind -> bind.contains("/apt"))
                .noneMatch(bind -> bind.contains("/venvs"));
    }

    @Test
    void anAgentInAContainerNamesTheFoldersOfItsMachine() throws Exception {
        Path machine = Files.createDirectories(temporary.resolve("machine"));
        Path agent = Files.createSymbolicLink(temporary.resolve("agent"), machine);
        environment.put("CLEARML_AGENT_K8S_HOST_MOUNT", machine + ":" + agent);
        values.put(DockerSettings.PIP_CACHE, agent.resolve("pip").toString());

        assertThat(binds(container(""))).contains(machine + "/pip:/root/.cache/pip");
    }

    @Test
    void argumentsOfTheAgentAndTheTaskAreMergedAsTheSettingsSay() throws Exception {
        environment.put("COLOUR", "blue");
        values.put(
                DockerSettings.EXTRA_ARGUMENTS,
                List.of("--network=host", "--ipc=host", "--shm-size=64m", "-e", "PAINT=$COLOUR"));
        values.put(DockerSettings.PROTECTED, List.of("ipc"));
        values.put(DockerSettings.FORBIDDEN, List.of("hostname", "entrypoint"));
        values.put(DockerSettings.HOST_ENVIRONMENT, true);

        JsonNode container = container(
                "--ipc=private --shm-size 128m --hostname other --entrypoint /bin/false -e FRAME=$COLOUR --label=of=task");

        assertThat(container.at("/HostConfig/IpcMode").asString()).isEqualTo("host");
        assertThat(container.at("/HostConfig/ShmSize").asLong()).isEqualTo(128 << 20);
        assertThat(container.at("/Config/Hostname").asString()).isNotEqualTo("other");
        assertThat(container.at("/Config/Entrypoint").isNull()).isTrue();
        assertThat(container.at("/Config/Env").toString()).contains("PAINT=blue", "FRAME=blue");
        assertThat(container.at("/Config/Labels/of").asString()).isEqualTo("task");

        values.put(DockerSettings.FILTERS, List.of("--shm-size"));
        values.put(DockerSettings.EXTRA_FIRST, false);
        JsonNode filtered = container("--shm-size 128m --label=of=task");
        assertThat(filtered.at("/HostConfig/ShmSize").asLong()).isEqualTo(64 << 20); // the last one counts
        assertThat(filtered.at("/Config/Labels/of").isMissingNode()).isTrue();
    }

    @Test
    void theContainerIsChosenAndNamedByWhatTheTaskIs() throws Exception {
        values.put(DockerSettings.NAME_FORMAT, "{what}-{task_id:.4}");
        values.put(DockerSettings.NAME_FIELDS, Map.of("what", "name"));
        values.put(
                DockerSettings.MATCH_RULES,
                List.of(Map.of(
                        "image",
                        DockerEngine.IMAGE,
                        "arguments",
                        "--label=by=rule",
                        "match",
                        Map.of("tags", List.of("rule")))));
        values.put(DockerSettings.IMAGE, "no-such-image");

        JsonNode container =
                container(new TaskFacts(TASK, "segment", "", "", "", List.of("rule"), Script.NONE, Container.NONE));

        assertThat(container.path("Name").asString()).isEqualTo("/segment-0123");
        assertThat(container.at("/Config/Labels/by").asString()).isEqualTo("rule");
    }

    @Test
    void argumentsOfATaskWithoutAnImageGiveWayToThoseOfTheDefault() throws Exception {
        values.put(DockerSettings.ARGUMENTS, List.of("--label=of=default"));
        values.put(DockerSettings.IGNORE_TASK, true);

        JsonNode container = container("--label=of=task");

        assertThat(container.at("/Config/Labels/of").asString()).isEqualTo("default");
        assertThat(container.at("/Config/Env").toString()).contains("CLEARML_DOCKER_IMAGE=" + DockerEngine.IMAGE);
    }

    private JsonNode container(String arguments) throws Exception {
        return container(TaskFacts.of(TASK, new Container(DockerEngine.IMAGE, arguments, "")));
    }

    /** The description of a container that was started for a task, and is gone again. */
    private JsonNode container(TaskFacts task) throws Exception {
        TestSettings settings = TestSettings.defaults();
        for (Map.Entry<Setting<?>, Object> entry : values.entrySet()) {
            settings = settings.with(entry.getKey(), entry.getValue());
        }
        attempts++;
        Path execution = Files.createDirectories(temporary.resolve("execution " + attempts));
        TestContext context = TestContext.in(Files.createDirectories(temporary.resolve("context")))
                .with(settings)
                .with(environment);
        ExecutionRequest request = ExecutionRequest.builder(new AttemptId("settings-" + attempts), task, execution)
                .command(List.of("sleep", "60"))
                .paths(List.of(new SharedPath(execution, SharedPath.Access.WRITE)))
                .build();
        try (DockerExecutor executor = new DockerExecutor(context)) {
            Execution started = executor.start(request);
            JsonNode description = JsonMapper.shared()
                    .readTree(engine.docker("inspect", started.handle()))
                    .get(0);
            started.kill();
            assertThat(started.await(Duration.ofMinutes(2))).isEqualTo(new ExecutionState.Ended(137));
            return description;
        }
    }

    private static Stream<String> binds(JsonNode container) {
        return container.at("/HostConfig/Binds").valueStream().map(JsonNode::asString);
    }
}
