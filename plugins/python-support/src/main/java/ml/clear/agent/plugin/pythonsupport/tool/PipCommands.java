// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pythonsupport.tool;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import ml.clear.agent.api.config.Settings;
import ml.clear.agent.api.process.Command;
import ml.clear.agent.api.python.PackageSettings;
import ml.clear.agent.api.spi.PluginContext;
import ml.clear.agent.api.vcs.RepositoryAccess;
import ml.clear.agent.api.vcs.RepositoryAddress;
import ml.clear.agent.plugin.pythonsupport.Interpreter;
import ml.clear.agent.plugin.pythonsupport.Version;

/**
 * The command lines and the variables of pip. Values that may contain a password are passed in files, never as
 * arguments.
 */
public final class PipCommands {

    private static final Version FIRST_WITH_RUNNER = Version.of("22.3").orElseThrow();
    private static final Version FIRST_WITH_RAW_PROGRESS = Version.of("24.1").orElseThrow();

    /** Variables that would send pip elsewhere, or change what its interpreter loads. */
    private static final Set<String> MISLEADING = Set.of(
            "PYTHONPATH",
            "PYTHONHOME",
            "PYTHONSTARTUP",
            "PYTHONDONTWRITEBYTECODE",
            "VIRTUAL_ENV",
            "PIP_TARGET",
            "PIP_PREFIX",
            "PIP_ROOT",
            "PIP_USER",
            "PIP_PYTHON",
            "PIP_DRY_RUN",
            "PIP_REQUIREMENT",
            "PIP_LOG");

    private final Map<String, String> variables;
    private final Duration limit;
    private final RepositoryAccess repositories;

    private PipCommands(Map<String, String> variables, Duration limit, RepositoryAccess repositories) {
        this.variables = Map.copyOf(variables);
        this.limit = limit;
        this.repositories = repositories;
    }

    /** Commands in the surroundings of a plugin, with its download cache. */
    public static PipCommands of(PluginContext context) {
        Settings settings = context.settings();
        Map<String, String> variables = new HashMap<>(context.network().variables());
        variables.put("PYTHONIOENCODING", "utf-8");
        variables.put("PYTHONUNBUFFERED", "1");
        if (!context.environment().containsKey("PIP_CACHE_DIR")) {
            if (settings.get(PackageSettings.DOWNLOAD_CACHE)) {
                variables.put(
                        "PIP_CACHE_DIR",
                        settings.get(PackageSettings.DOWNLOAD_CACHE_FOLDER)
                                .toAbsolutePath()
                                .toString());
            } else {
                variables.put("PIP_NO_CACHE_DIR", "1");
            }
        }
        return new PipCommands(variables, settings.get(PackageSettings.INSTALL_TIMEOUT), context.repositories());
    }

    /**
     * Install what a file lists. Modules are not compiled: the interpreter compiles those that a task loads.
     *
     * @param version of the pip that runs
     * @param sources the repositories in the file, which pip reaches as the agent does
     */
    public Command install(
            Path python,
            Optional<Version> version,
            Path file,
            Path directory,
            List<String> flags,
            TemporaryFolder temporary,
            List<RepositoryAddress> sources)
            throws InterruptedException {
        List<String> arguments =
                new ArrayList<>(List.of("install", "--no-compile", "--progress-bar", progress(version)));
        arguments.addAll(flags);
        arguments.addAll(List.of("-r", file.toString()));
        Command.Builder command = pip(python, arguments, directory, temporary.variables());
        return (sources.isEmpty() ? command : repositories.to(sources).grant(command)).build();
    }

    /** Numbers of bytes where pip knows to write them. */
    private static String progress(Optional<Version> version) {
        return version.filter(known -> known.compareTo(FIRST_WITH_RAW_PROGRESS) >= 0)
                .map(_ -> "raw")
                .orElse("off");
    }

    /** Bring pip itself, or another tool, to another version. */
    public Command upgrade(Path python, String specification, Path directory, TemporaryFolder temporary) {
        return pip(python, upgrading(specification), directory, temporary.variables())
                .build();
    }

    private static List<String> upgrading(String specification) {
        return List.of("install", "--no-compile", "--progress-bar", "off", "--upgrade", specification);
    }

    /**
     * The same by the pip that an interpreter has itself, whose modules are compiled already. It works on the environment of {@code
     * python}, which needs no pip; that is what {@code pip --python} does, without its second process.
     *
     * @return empty when the interpreter has no pip that can do that
     */
    Optional<Command> upgradeBy(
            Interpreter interpreter, Path python, String specification, Path directory, TemporaryFolder temporary) {
        return Version.of(interpreter.pip())
                .filter(own -> own.compareTo(FIRST_WITH_RUNNER) >= 0)
                .map(_ -> pip(
                                python,
                                List.of(interpreter.pipFolder() + "/__pip-runner__.py"),
                                upgrading(specification),
                                directory,
                                temporary.variables())
                        .build());
    }

    /** Remove packages. */
    public Command uninstall(Path python, List<String> packages, Path directory) {
        List<String> arguments = new ArrayList<>(List.of("uninstall", "--yes"));
        arguments.addAll(packages);
        return pip(python, arguments, directory, Map.of()).build();
    }

    /** What the interpreter sees, packages of the system included. */
    public Command freeze(Path python, Path directory) {
        return pip(python, List.of("freeze"), directory, Map.of()).build();
    }

    private Command.Builder pip(Path python, List<String> arguments, Path directory, Map<String, String> more) {
        return pip(python, List.of("-m", "pip"), arguments, directory, more);
    }

    private Command.Builder pip(
            Path python, List<String> program, List<String> arguments, Path directory, Map<String, String> more) {
        Command.Builder command = Command.of(python.toString())
                .arguments(program)
                .arguments(List.of("--disable-pip-version-check", "--no-input"))
                .arguments(arguments)
                .directory(directory)
                .environment(variables)
                .environment(more)
                .timeout(limit);
        MISLEADING.forEach(command::removeVariable);
        return command;
    }
}
