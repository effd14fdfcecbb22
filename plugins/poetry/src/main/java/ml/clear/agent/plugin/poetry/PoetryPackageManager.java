// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.poetry;

import java.util.List;
import java.util.Optional;
import ml.clear.agent.api.python.EnvironmentPlan;
import ml.clear.agent.api.python.EnvironmentRequest;
import ml.clear.agent.api.python.EnvironmentRequest.SourceTree;
import ml.clear.agent.api.python.EnvironmentRequest.Target;
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
        Optional<String> instead = requirementsInstead(request, files);
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

    /** Why there is no project to install; empty when there is one. */
    private static Optional<String> requirementsInstead(EnvironmentRequest request, ProjectFiles files) {
        if (!request.sources().repository()) {
            return Optional.of("the task has no repository");
        }
        if (request.target() instanceof Target.Existing) {
            return Optional.of("the packages go into an environment that exists");
        }
        return files.lock().isPresent() || files.describesProject(List.of("tool.poetry", "project"))
                ? Optional.empty()
                : Optional.of("the repository has neither poetry.lock nor a project in pyproject.toml");
    }

    private ProjectFiles files(SourceTree sources) {
        return ProjectFiles.of(sources, settings.inScriptFolder(), LOCK);
    }
}
