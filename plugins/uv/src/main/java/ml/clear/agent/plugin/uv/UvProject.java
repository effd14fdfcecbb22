// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.uv;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import ml.clear.agent.api.process.CommandResult;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.api.python.PackageSettings;
import ml.clear.agent.api.spi.PluginContext;
import ml.clear.agent.plugin.pythonsupport.Requirement;
import ml.clear.agent.plugin.pythonsupport.VirtualEnvironment;
import ml.clear.agent.plugin.pythonsupport.install.PackageOptions;
import ml.clear.agent.plugin.pythonsupport.install.ProjectFiles;
import ml.clear.agent.plugin.pythonsupport.install.ProjectInstaller;
import ml.clear.agent.plugin.pythonsupport.tool.InstallerRunner;

/** Installs a project with {@code uv sync}. */
record UvProject(
        PluginContext context,
        UvSettings settings,
        UvCommands commands,
        UvProgram uv,
        ProjectFiles files,
        Console console)
        implements ProjectInstaller {

    @Override
    public SortedMap<String, String> identity() {
        SortedMap<String, String> identity = new TreeMap<>(UvIdentity.of(context, settings, uv));
        identity.putAll(files.identity(List.of("uv.toml")));
        identity.put("manager", "uv");
        identity.put("arguments", String.join("\n", settings.syncArguments()));
        identity.put("locked", String.valueOf(settings.locked()));
        identity.put(
                "extra indexes",
                Requirement.withoutCredentials(String.join(
                        " ", PackageOptions.words(context.settings().get(PackageSettings.EXTRA_INDEX_URL)))));
        return identity;
    }

    @Override
    public void install(VirtualEnvironment environment) throws InterruptedException {
        boolean locked = settings.locked() && files.lock().isPresent();
        CommandResult result = sync(environment, locked ? List.of("--locked") : List.of());
        if (!result.succeeded() && locked && UvFailure.outdatedLock(result)) {
            console.line("uv.lock does not fit pyproject.toml; resolving again (run 'uv lock' and commit the result)");
            result = sync(environment, List.of());
        }
        check(result);
    }

    /** The lock file is there, as the environment was made with it. */
    @Override
    public void installSources(VirtualEnvironment environment) throws InterruptedException {
        check(sync(environment, List.of("--frozen")));
    }

    private CommandResult sync(VirtualEnvironment environment, List<String> first) throws InterruptedException {
        List<String> flags = new ArrayList<>(first);
        flags.addAll(settings.syncArguments());
        return new InstallerRunner(context.commands())
                .run(
                        "uv",
                        commands.sync(
                                uv,
                                files.folder(),
                                environment.folder(),
                                environment.python(),
                                flags,
                                UvCommands.indexes(context)),
                        console);
    }

    private void check(CommandResult result) {
        if (!result.succeeded()) {
            throw UvFailure.of(
                    result,
                    "the project with '" + (files.lock().isPresent() ? files.lockName() : "pyproject.toml") + "'",
                    List.of());
        }
    }

    /** The environment is complete: without more arguments {@code uv run} would add nothing but a second process. */
    @Override
    public List<String> launcher(VirtualEnvironment environment) {
        if (settings.runArguments().isEmpty()) {
            return ProjectInstaller.super.launcher(environment);
        }
        List<String> command = new ArrayList<>(List.of(
                uv.path().toString(),
                "run",
                "--no-progress",
                "--project",
                files.folder().toString(),
                "--active",
                "--no-sync"));
        command.addAll(settings.runArguments());
        command.addAll(List.of("--", "python"));
        return command;
    }
}
