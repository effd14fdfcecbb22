// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.poetry;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.process.Command;
import ml.clear.agent.api.process.CommandResult;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.api.python.PackageSettings;
import ml.clear.agent.api.spi.PluginContext;
import ml.clear.agent.plugin.pythonsupport.VirtualEnvironment;
import ml.clear.agent.plugin.pythonsupport.install.Activation;
import ml.clear.agent.plugin.pythonsupport.install.ProjectFiles;
import ml.clear.agent.plugin.pythonsupport.install.ProjectInstaller;
import ml.clear.agent.plugin.pythonsupport.tool.InstallerRunner;
import ml.clear.agent.plugin.pythonsupport.tool.TemporaryFolder;

/**
 * Installs a project with {@code poetry install}. The environment is the active one while poetry runs, so that poetry installs
 * into it rather than into one of its own; nothing is written into poetry's configuration.
 */
record PoetryProject(
        PluginContext context, PoetrySettings settings, PoetryProgram poetry, ProjectFiles files, Console console)
        implements ProjectInstaller {

    private static final Set<String> MISLEADING = Set.of(
            "PYTHONPATH",
            "PYTHONHOME",
            "CONDA_PREFIX",
            "CONDA_DEFAULT_ENV",
            "POETRY_ACTIVE",
            "POETRY_VIRTUALENVS_PATH",
            "POETRY_VIRTUALENVS_IN_PROJECT",
            "POETRY_VIRTUALENVS_CREATE");

    @Override
    public SortedMap<String, String> identity() {
        SortedMap<String, String> identity = new TreeMap<>(files.identity(List.of("poetry.toml")));
        identity.put("manager", "poetry");
        identity.put("poetry", poetry.version().prefix(2));
        identity.put("arguments", String.join("\n", settings.installArguments()));
        return identity;
    }

    @Override
    public void install(VirtualEnvironment environment) throws InterruptedException {
        if (files.lock().isEmpty()) {
            console.line("The repository has no poetry.lock; poetry chooses the versions");
        }
        poetry(environment);
    }

    /** poetry leaves alone what is there, and installs the project and its folders from where they are now. */
    @Override
    public void installSources(VirtualEnvironment environment) throws InterruptedException {
        poetry(environment);
    }

    private void poetry(VirtualEnvironment environment) throws InterruptedException {
        try (TemporaryFolder temporary = TemporaryFolder.in(environment.folder())) {
            List<String> arguments = new ArrayList<>(List.of("install", "--no-interaction", "--no-ansi"));
            arguments.addAll(settings.installArguments());
            Command.Builder command = Command.of(poetry.path().toString())
                    .arguments(arguments)
                    .directory(files.folder())
                    .timeout(context.settings().get(PackageSettings.INSTALL_TIMEOUT));
            MISLEADING.forEach(command::removeVariable);
            CommandResult result = new InstallerRunner(context.commands())
                    .run(
                            "poetry",
                            command.environment(variables(environment))
                                    .environment(temporary.variables())
                                    .build(),
                            console);
            if (!result.succeeded()) {
                throw PoetryFailure.of(result);
            }
        } catch (IOException e) {
            throw new AgentException(
                    ErrorCode.FILE_SYSTEM, "cannot write into '" + environment.folder() + "': " + e.getMessage(), e);
        }
    }

    private Map<String, String> variables(VirtualEnvironment environment) {
        Map<String, String> variables = new HashMap<>(context.network().variables());
        variables.putAll(Activation.of(environment, context.environment()));
        variables.put("PYTHONIOENCODING", "utf-8");
        // poetry asks desktops for their keyrings, which waits for a user where there is one
        variables.put(
                "PYTHON_KEYRING_BACKEND",
                context.environment().getOrDefault("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring"));
        if (!context.environment().containsKey("POETRY_CACHE_DIR")) {
            Path cache = context.cacheFolder().resolve("packages");
            variables.put("POETRY_CACHE_DIR", cache.toString());
        }
        return variables;
    }
}
