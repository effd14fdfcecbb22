// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.uv;

import java.util.List;
import java.util.Optional;
import ml.clear.agent.api.python.EnvironmentPlan;
import ml.clear.agent.api.python.EnvironmentRequest;
import ml.clear.agent.api.python.EnvironmentRequest.SourceTree;
import ml.clear.agent.api.python.PackageManager;
import ml.clear.agent.api.python.PackageSettings;
import ml.clear.agent.api.spi.PluginContext;
import ml.clear.agent.plugin.pythonsupport.Interpreter;
import ml.clear.agent.plugin.pythonsupport.Interpreters;
import ml.clear.agent.plugin.pythonsupport.install.ProjectFiles;
import ml.clear.agent.plugin.pythonsupport.install.ProjectPlan;

/**
 * Builds the environment of a repository with {@code uv.lock} or a project in {@code pyproject.toml} by {@code uv sync}; other
 * tasks get theirs from {@code uv-pip} or pip, as {@code agent.package_manager.uv_replace_pip} says.
 */
final class UvPackageManager implements PackageManager {

    /** The manager of lists of requirements. */
    static final String LISTS = "uv-pip";

    private static final String LOCK = "uv.lock";
    private static final List<String> PROJECT = List.of("project", "tool.uv");

    private final PluginContext context;
    private final UvSettings settings;
    private final UvCommands commands;
    private final UvProgram.Search programs;
    private final Interpreters interpreters;

    UvPackageManager(PluginContext context) {
        this.context = context;
        this.settings = UvSettings.of(context.settings());
        this.commands = new UvCommands(context, settings);
        this.programs = new UvProgram.Search(context, settings);
        this.interpreters = Interpreters.of(context);
    }

    @Override
    public Optional<String> claims(SourceTree sources) {
        return files(sources).lock().map(_ -> LOCK);
    }

    @Override
    public EnvironmentPlan plan(EnvironmentRequest request) throws InterruptedException {
        ProjectFiles files = files(request.sources());
        Optional<String> instead = files.missing(request, PROJECT);
        if (instead.isPresent()) {
            String other = context.settings().get(PackageSettings.UV_REPLACE_PIP) ? LISTS : "pip";
            request.console().line("uv installs a list of requirements through " + other + ", since " + instead.get());
            return context.packageManager(other).plan(request);
        }
        Interpreter interpreter = interpreters.find(request.python(), request.console());
        UvProgram uv = programs.find(interpreter, request.console());
        return new ProjectPlan(
                context,
                request,
                interpreter,
                files,
                new UvProject(context, settings, commands, uv, files, request.console()));
    }

    private ProjectFiles files(SourceTree sources) {
        return ProjectFiles.of(sources, settings.inScriptFolder(), LOCK);
    }
}
