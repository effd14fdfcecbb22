// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.uv;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import ml.clear.agent.api.config.Settings;
import ml.clear.agent.api.process.Command;
import ml.clear.agent.api.python.PackageSettings;
import ml.clear.agent.api.spi.PluginContext;
import ml.clear.agent.api.vcs.ProgramAccess;
import ml.clear.agent.plugin.pythonsupport.install.PackageOptions;
import ml.clear.agent.plugin.pythonsupport.tool.TemporaryFolder;

/**
 * The command lines and the variables of uv. Addresses that may contain a password are passed in variables or files, never as
 * arguments.
 */
final class UvCommands {

    /** Variables that would send uv elsewhere. */
    private static final Set<String> MISLEADING = Set.of(
            "PYTHONPATH",
            "PYTHONHOME",
            "VIRTUAL_ENV",
            "CONDA_PREFIX",
            "UV_PROJECT",
            "UV_PROJECT_ENVIRONMENT",
            "UV_WORKING_DIR",
            "UV_PYTHON",
            "UV_SYSTEM_PYTHON");

    private final Map<String, String> variables;
    private final Duration limit;

    UvCommands(PluginContext context, UvSettings settings) {
        Map<String, String> environment = context.environment();
        Settings values = context.settings();
        Map<String, String> all = new HashMap<>(context.network().variables());
        all.put("NO_COLOR", "1");
        all.put("UV_NO_PROGRESS", "1");
        all.put("UV_PYTHON_DOWNLOADS", environment.getOrDefault("UV_PYTHON_DOWNLOADS", "never"));
        // files that tasks change in place must not be shared with the cache of uv; file systems that can, clone
        all.put("UV_LINK_MODE", environment.getOrDefault("UV_LINK_MODE", "clone"));
        if (settings.bestMatch()) {
            all.put("UV_INDEX_STRATEGY", environment.getOrDefault("UV_INDEX_STRATEGY", "unsafe-best-match"));
        }
        if (environment.get("UV_CACHE_DIR") == null) {
            if (values.get(PackageSettings.DOWNLOAD_CACHE)) {
                all.put(
                        "UV_CACHE_DIR",
                        values.get(PackageSettings.DOWNLOAD_CACHE_FOLDER)
                                .toAbsolutePath()
                                .resolve("uv")
                                .toString());
            } else {
                all.put("UV_NO_CACHE", "1");
            }
        }
        asPip(environment, all);
        this.variables = Map.copyOf(all);
        this.limit = values.get(PackageSettings.INSTALL_TIMEOUT);
    }

    /** uv does not read pip's variables: a machine whose pip asks a mirror must not go elsewhere with uv. */
    private static void asPip(Map<String, String> environment, Map<String, String> all) {
        if (isSet(environment, "PIP_INDEX_URL")
                && !isSet(environment, "UV_DEFAULT_INDEX")
                && !isSet(environment, "UV_INDEX_URL")) {
            all.put("UV_DEFAULT_INDEX", value(environment, "PIP_INDEX_URL"));
        }
        if (isSet(environment, "PIP_EXTRA_INDEX_URL") && !isSet(environment, "UV_INDEX")) {
            all.put("UV_INDEX", value(environment, "PIP_EXTRA_INDEX_URL"));
        }
        if (isSet(environment, "PIP_FIND_LINKS") && !isSet(environment, "UV_FIND_LINKS")) {
            all.put("UV_FIND_LINKS", value(environment, "PIP_FIND_LINKS").replaceAll("\\s+", ","));
        }
        if (isSet(environment, "PIP_NO_INDEX") && !isSet(environment, "UV_NO_INDEX")) {
            all.put("UV_NO_INDEX", value(environment, "PIP_NO_INDEX"));
        }
    }

    private static boolean isSet(Map<String, String> environment, String name) {
        return !value(environment, name).isEmpty();
    }

    private static String value(Map<String, String> environment, String name) {
        return environment.getOrDefault(name, "").strip();
    }

    /** Variables for indexes besides the usual one. */
    static Map<String, String> indexes(PluginContext context) {
        List<String> extra =
                new ArrayList<>(PackageOptions.words(context.settings().get(PackageSettings.EXTRA_INDEX_URL)));
        String inherited = context.environment()
                .getOrDefault("UV_INDEX", context.environment().getOrDefault("PIP_EXTRA_INDEX_URL", ""));
        if (extra.isEmpty()) {
            return Map.of();
        }
        if (!inherited.isBlank()) {
            extra.add(inherited.strip());
        }
        return Map.of("UV_INDEX", String.join(" ", extra));
    }

    /** Install what a requirements file lists. */
    Command pipInstall(
            UvProgram uv,
            Path python,
            Path file,
            Path directory,
            List<String> flags,
            ProgramAccess access,
            TemporaryFolder temporary) {
        List<String> arguments =
                new ArrayList<>(List.of("pip", "install", "--python", python.toString(), "-r", file.toString()));
        arguments.addAll(flags);
        return access.grant(uv(uv, arguments, directory))
                .environment(temporary.variables())
                .build();
    }

    Command pipUninstall(UvProgram uv, Path python, List<String> packages, Path directory) {
        List<String> arguments = new ArrayList<>(List.of("pip", "uninstall", "--python", python.toString()));
        arguments.addAll(packages);
        return uv(uv, arguments, directory).build();
    }

    Command pipFreeze(UvProgram uv, Path python, Path directory) {
        return uv(uv, List.of("pip", "freeze", "--python", python.toString()), directory)
                .build();
    }

    /** Install a project into an environment. */
    Command sync(
            UvProgram uv, Path project, Path environment, Path python, List<String> flags, Map<String, String> more) {
        List<String> arguments = new ArrayList<>(List.of("sync", "--python", python.toString()));
        arguments.addAll(flags);
        return uv(uv, arguments, project)
                .environment("UV_PROJECT_ENVIRONMENT", environment.toString())
                .environment(more)
                .build();
    }

    private Command.Builder uv(UvProgram uv, List<String> arguments, Path directory) {
        Command.Builder command = Command.of(uv.path().toString())
                .arguments(arguments)
                .directory(directory)
                .timeout(limit);
        MISLEADING.forEach(command::removeVariable);
        return command.environment(variables);
    }
}
