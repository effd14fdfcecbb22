// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.poetry;

import java.util.List;
import java.util.Optional;
import ml.clear.agent.api.python.EnvironmentPlan;
import ml.clear.agent.api.python.EnvironmentRequest;
import ml.clear.agent.api.python.EnvironmentRequest.SourceTree;
import ml.clear.agent.api.python.PackageManager;
import ml.clear.agent.api.spi.PluginContext;
import ml.clear.agent.plugin.pythonsupport.Interpreter;
import ml.clear.agent.plugin.pythonsupport.Interpreters;
import ml.clear.agent.plugin.pythonsupport.install.ProjectFiles;
import ml.clear.agent.plugin.pythonsupport.install.ProjectPlan;

/**
 * Builds the environment of a repository with {@code poetry.lock} or a project in {@code pyproject.toml} by {@code poetry
 * install}; other tasks get theirs from pip.
 */
final class PoetryPackageManager implements PackageManager {

    private static final String LOCK = "poetry.lock";
    private static final List<String> PROJECT = List.of("tool.poetry", "project");
    private static final String LISTS = "pip";

    private final PluginContext context;
    private final PoetrySettings settings;
    private final PoetryProgram.Search programs;
    private final Interpreters interpreters;

    PoetryPackageManager(PluginContext context) {
        this.context = context;
        this.settings = PoetrySettings.of(context.settings());
        this.interpreters = Interpreters.of(context);
        this.programs = new PoetryProgram.Search(context, settings, interpreters);
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
            request.console().line("pip installs a list of requirements in place of poetry, since " + instead.get());
            return context.packageManager(LISTS).plan(request);
        }
        Interpreter interpreter = interpreters.find(request.python(), request.console());
        PoetryProgram poetry = programs.find(interpreter, request.console());
        return new ProjectPlan(
                context,
                request,
                interpreter,
                files,
                new PoetryProject(context, settings, poetry, files, request.console()));
    }

    private ProjectFiles files(SourceTree sources) {
        return ProjectFiles.of(sources, settings.inScriptFolder(), LOCK);
    }
}
