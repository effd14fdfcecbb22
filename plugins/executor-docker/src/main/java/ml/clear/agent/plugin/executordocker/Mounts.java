// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.executordocker;

import static ml.clear.agent.api.config.ValueTypes.PATH;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import ml.clear.agent.api.config.Settings;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.execution.SharedPath;
import ml.clear.agent.api.execution.SharedPath.Access;
import ml.clear.agent.api.python.PackageSettings;
import ml.clear.agent.api.storage.DownloadSettings;
import ml.clear.agent.api.vcs.VcsSettings;

/** What of this machine a container sees: the paths that an execution needs, caches and keys. */
final class Mounts {

    private static final String SDK_CACHE = "/clearml_agent_cache";

    /** Where a copy of the keys is made from. */
    static final String SSH_COPY = "/.ssh";

    /** In a container of its own, the agent sees folders of the machine under other paths: {@code machine:agent}. */
    private static final List<String> HOST_MOUNT = List.of(
            "CLEARML_AGENT_K8S_HOST_MOUNT",
            "CLEARML_AGENT_DOCKER_HOST_MOUNT",
            "TRAINS_AGENT_K8S_HOST_MOUNT",
            "TRAINS_AGENT_DOCKER_HOST_MOUNT");

    private final Settings settings;
    private final Map<String, String> environment;
    private final Path home;
    private final List<String> binds = new ArrayList<>();
    private final Map<String, String> variables = new LinkedHashMap<>();

    /** @param environment the agent's variables */
    Mounts(Settings settings, Map<String, String> environment) {
        this.settings = settings;
        this.environment = environment;
        this.home = Path.of(environment.getOrDefault("HOME", System.getProperty("user.home")));
    }

    /** Mounts as the engine takes them. */
    List<String> binds() {
        return List.copyOf(binds);
    }

    /** The variables that name what is mounted. */
    Map<String, String> variables() {
        return Map.copyOf(variables);
    }

    Mounts shared(List<SharedPath> paths) {
        paths.forEach(path -> bind(path.path(), path.path().toString(), path.access()));
        return this;
    }

    Mounts readOnly(Path source, String target) {
        bind(source, target, Access.READ);
        return this;
    }

    /** The caches of tools that run in containers. */
    Mounts caches() {
        cache(settings.get(DockerSettings.APT_CACHE), "apt_cache", "/var/cache/apt/archives");
        cache(settings.get(DockerSettings.PIP_CACHE), "pip_cache", "/root/.cache/pip");
        cache(settings.get(DockerSettings.POETRY_CACHE), "poetry_cache", "/root/.cache/pypoetry");
        return this;
    }

    /**
     * The agent's own caches, so that what one container prepares serves the next, under the names that the agent in the
     * container reads.
     *
     * @param tools programs that agents in containers install for themselves; they work in no other place
     */
    Mounts agentCaches(Path tools) {
        cache(Optional.of(tools), "tools", "/root/.clearml/cache/.tools");
        cache(Optional.of(settings.get(DownloadSettings.CACHE_FOLDER)), "sdk_cache", SDK_CACHE);
        variables.put("CLEARML_AGENT__SDK__STORAGE__CACHE__DEFAULT_BASE_DIR", internal("sdk_cache", SDK_CACHE));
        String environments = settings.get(PackageSettings.ENVIRONMENT_CACHE);
        if (!environments.isBlank()) {
            agentCache(PATH.parse(environments), "venvs_cache", "venvs-cache", "VENVS_CACHE");
        }
        if (settings.get(VcsSettings.CACHE_ENABLED)) {
            agentCache(settings.get(VcsSettings.CACHE_PATH), "vcs_cache", "vcs-cache", "VCS_CACHE");
        }
        if (settings.get(PackageSettings.DOWNLOAD_CACHE)) {
            Path downloads = settings.get(PackageSettings.DOWNLOAD_CACHE_FOLDER);
            agentCache(downloads, "pip_download", "pip-download-cache", "PIP_DOWNLOAD_CACHE");
        }
        return this;
    }

    private void agentCache(Path folder, String name, String ofRoot, String section) {
        String target = internal(name, "/root/.clearml/" + ofRoot);
        cache(Optional.of(folder), name, target);
        variables.put("CLEARML_AGENT__AGENT__" + section + "__PATH", target);
    }

    private void cache(Optional<Path> folder, String name, String otherwise) {
        folder.filter(path -> !path.toString().isBlank()).ifPresent(path -> {
            Path absolute = path.toAbsolutePath();
            try {
                Files.createDirectories(absolute);
            } catch (IOException e) {
                throw new AgentException(
                        ErrorCode.FILE_SYSTEM,
                        "cannot make the cache '" + absolute + "' for containers (" + name + "): " + e
                                + "; check that the folder may be written",
                        e);
            }
            bind(absolute, internal(name, otherwise), Access.WRITE);
        });
    }

    /** The agent's ssh agent, or else its keys, and what git knows. */
    Mounts keys() {
        String agent = environment.getOrDefault("SSH_AUTH_SOCK", "");
        String copy = internal("ssh_ro_folder", SSH_COPY);
        if (!agent.isEmpty() && Files.exists(Path.of(agent))) {
            bind(Path.of(agent), agent, Access.WRITE);
            variables.put("SSH_AUTH_SOCK", agent);
        } else if (!settings.get(DockerSettings.NO_SSH) && Files.isDirectory(home.resolve(".ssh"))) {
            bind(home.resolve(".ssh"), copy, Access.READ);
        }
        for (String file : List.of(".git-credentials", ".gitconfig")) {
            if (Files.isRegularFile(home.resolve(file))) {
                bind(home.resolve(file), copy + ".git/" + file, Access.READ);
            }
        }
        return this;
    }

    private String internal(String name, String otherwise) {
        return settings.get(DockerSettings.INTERNAL_MOUNTS).getOrDefault(name, otherwise);
    }

    private void bind(Path source, String target, Access access) {
        binds.add(onMachine(source) + ":" + target + (access == Access.READ ? ":ro" : ""));
    }

    private Path onMachine(Path path) {
        for (String variable : HOST_MOUNT) {
            String[] pair = environment.getOrDefault(variable, "").split(":", 2);
            if (pair.length == 2 && path.startsWith(pair[1])) {
                return Path.of(pair[0]).resolve(Path.of(pair[1]).relativize(path));
            }
        }
        return path;
    }
}
