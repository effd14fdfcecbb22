// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.executordocker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import ml.clear.agent.api.execution.Executor;
import ml.clear.agent.api.execution.TaskFacts;
import ml.clear.agent.api.python.PackageSettings;
import ml.clear.agent.api.storage.DownloadSettings;
import ml.clear.agent.api.task.Container;
import ml.clear.agent.api.task.TaskId;
import ml.clear.agent.api.vcs.VcsSettings;
import ml.clear.agent.testkit.DockerEngine;
import ml.clear.agent.testkit.EngineExtension;
import ml.clear.agent.testkit.ExecutorContract;
import ml.clear.agent.testkit.PodmanEngine;
import ml.clear.agent.testkit.TestContext;
import ml.clear.agent.testkit.TestSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Containers of Podman, through its service that speaks Docker's API. */
@Tag("thorough")
@ExtendWith(EngineExtension.class)
class PodmanExecutorIT extends ExecutorContract {

    private static PodmanEngine engine;

    @TempDir
    private Path temporary;

    @BeforeAll
    static void useEngine(PodmanEngine shared) {
        engine = shared;
    }

    @AfterEach
    void nothingIsLeftBehind() throws Exception {
        engine.podman("rm", "--all", "--force", "--time=0");
        assertThat(engine.podman("volume", "ls", "--quiet")).isBlank();
    }

    @Override
    protected TaskFacts task() {
        return TaskFacts.of(new TaskId("0123456789abcdef0123456789abcdef"), new Container(DockerEngine.IMAGE, "", ""));
    }

    @Override
    protected Executor executor() throws IOException {
        Path home = Files.createDirectories(temporary.resolve("home"));
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
        return new DockerExecutor(TestContext.in(Files.createDirectories(temporary.resolve("context")))
                .with(settings)
                .with(Map.of("DOCKER_HOST", engine.host(), "HOME", home.toString(), "PATH", System.getenv("PATH"))));
    }
}
