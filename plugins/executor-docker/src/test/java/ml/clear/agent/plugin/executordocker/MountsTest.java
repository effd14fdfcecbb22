// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.executordocker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import ml.clear.agent.api.execution.SharedPath;
import ml.clear.agent.api.execution.SharedPath.Access;
import ml.clear.agent.api.python.PackageSettings;
import ml.clear.agent.api.storage.DownloadSettings;
import ml.clear.agent.api.vcs.VcsSettings;
import ml.clear.agent.testkit.TestSettings;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MountsTest {

    @TempDir
    private Path home;

    private TestSettings settings = TestSettings.defaults();

    @BeforeEach
    void configure() throws IOException {
        Files.createDirectories(home.resolve(".ssh"));
        Files.writeString(home.resolve(".gitconfig"), "");
        settings = TestSettings.defaults()
                .with(DockerSettings.APT_CACHE, home.resolve("apt").toString())
                .with(DockerSettings.PIP_CACHE, home.resolve("pip").toString())
                .with(DockerSettings.POETRY_CACHE, "")
                .with(DownloadSettings.CACHE_FOLDER, home.resolve("sdk").toString());
    }

    @Test
    void cachesAreMadeAndMountedWhereToolsLookForThem() {
        assertThat(mounts(settings, Map.of()).caches().binds())
                .containsExactly(
                        home.resolve("apt") + ":/var/cache/apt/archives", home.resolve("pip") + ":/root/.cache/pip");
        assertThat(home.resolve("apt")).isDirectory();
        TestSettings moved = settings.with(DockerSettings.INTERNAL_MOUNTS, Map.of("pip_cache", "/p"))
                .with(DockerSettings.APT_CACHE, "")
                .with(DockerSettings.POETRY_CACHE, home.resolve("poetry").toString());
        assertThat(mounts(moved, Map.of()).caches().binds())
                .containsExactly(home.resolve("pip") + ":/p", home.resolve("poetry") + ":/root/.cache/pypoetry");
    }

    @Test
    void cachesOfTheAgentServeTheAgentInTheContainer() {
        TestSettings all = settings.with(PackageSettings.ENVIRONMENT_CACHE, home + "/venvs")
                .with(
                        PackageSettings.DOWNLOAD_CACHE_FOLDER,
                        home.resolve("downloads").toString())
                .with(VcsSettings.CACHE_PATH, home.resolve("repositories").toString())
                .with(DockerSettings.INTERNAL_MOUNTS, Map.of("vcs_cache", "/vcs"));

        Mounts mounts = mounts(all, Map.of()).agentCaches(home.resolve("tools"));

        assertThat(mounts.binds())
                .containsExactly(
                        home.resolve("tools") + ":/root/.clearml/cache/.tools",
                        home.resolve("sdk") + ":/clearml_agent_cache",
                        home.resolve("venvs") + ":/root/.clearml/venvs-cache",
                        home.resolve("repositories") + ":/vcs",
                        home.resolve("downloads") + ":/root/.clearml/pip-download-cache");
        assertThat(mounts.variables())
                .containsEntry("CLEARML_AGENT__AGENT__VENVS_CACHE__PATH", "/root/.clearml/venvs-cache")
                .containsEntry("CLEARML_AGENT__AGENT__VCS_CACHE__PATH", "/vcs");
        TestSettings none = all.with(PackageSettings.ENVIRONMENT_CACHE, "")
                .with(PackageSettings.DOWNLOAD_CACHE, false)
                .with(VcsSettings.CACHE_ENABLED, false);
        assertThat(mounts(none, Map.of()).agentCaches(home.resolve("tools")).binds())
                .containsExactly(
                        home.resolve("tools") + ":/root/.clearml/cache/.tools",
                        home.resolve("sdk") + ":/clearml_agent_cache");
    }

    @Test
    void keysAreMountedUnlessThatIsTurnedOff() {
        String git = home.resolve(".gitconfig") + ":/.ssh.git/.gitconfig:ro";
        assertThat(mounts(settings, Map.of()).keys().binds()).containsExactly(home.resolve(".ssh") + ":/.ssh:ro", git);
        assertThat(mounts(settings.with(DockerSettings.NO_SSH, true), Map.of())
                        .keys()
                        .binds())
                .containsExactly(git);
    }

    @Test
    void theAgentOfSshIsUsedRatherThanKeys() throws IOException {
        String socket = Files.writeString(home.resolve("socket"), "").toString();
        Mounts mounts = mounts(settings, Map.of("SSH_AUTH_SOCK", socket)).keys();

        assertThat(mounts.binds()).contains(socket + ":" + socket).noneMatch(bind -> bind.contains("/.ssh:"));
        assertThat(mounts.variables()).containsEntry("SSH_AUTH_SOCK", socket);
    }

    @Test
    void anAgentInAContainerMountsByThePathsOfItsMachine() {
        Map<String, String> environment = Map.of("CLEARML_AGENT_K8S_HOST_MOUNT", "/mnt/host/data:/agent");

        assertThat(mounts(settings, environment)
                        .shared(List.of(
                                new SharedPath(Path.of("/agent/executions/x"), Access.WRITE),
                                new SharedPath(Path.of("/opt/agent"), Access.READ)))
                        .binds())
                .containsExactly("/mnt/host/data/executions/x:/agent/executions/x", "/opt/agent:/opt/agent:ro");
    }

    private Mounts mounts(TestSettings with, Map<String, String> environment) {
        Map<String, String> all = new HashMap<>(environment);
        all.put("HOME", home.toString());
        return new Mounts(with, all);
    }
}
