// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.job;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import ml.clear.agent.api.config.Settings;
import ml.clear.agent.api.process.CommandRunner;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.api.python.PythonEnvironment;
import ml.clear.agent.api.task.Task;
import ml.clear.agent.runtime.checkout.Language;
import ml.clear.agent.runtime.checkout.Notebook;
import ml.clear.agent.runtime.checkout.PreparedCode;
import ml.clear.agent.runtime.checkout.PythonPath;
import ml.clear.agent.runtime.checkout.StartCommand;
import ml.clear.agent.runtime.config.TaskSettings;
import ml.clear.agent.runtime.execution.LaunchSpec;
import ml.clear.agent.runtime.lifecycle.Phases;

/** Decides how a task's process is started: its arguments, its variables, its configuration. Safe for several threads. */
public final class TaskLaunches {

    private final Settings settings;
    private final TaskVariables variables;
    private final TaskConfigurationFile configuration;
    private final CommandRunner commands;
    private final TaskInit init;
    private final List<String> interpreterFlags;

    /**
     * Launches.
     *
     * @param variables what all processes get
     * @param configuration what the SDK in the process reads
     * @param commands runs the conversion of notebooks
     * @param interpreterFlags options of the interpreter, such as {@code -O}
     */
    public TaskLaunches(
            Settings settings,
            TaskVariables variables,
            TaskConfigurationFile configuration,
            CommandRunner commands,
            List<String> interpreterFlags) {
        this.settings = settings;
        this.variables = variables;
        this.configuration = configuration;
        this.commands = commands;
        this.init = new TaskInit(settings.get(TaskSettings.FORCE_TASK_INIT));
        this.interpreterFlags = List.copyOf(interpreterFlags);
    }

    /** Check, before anything is prepared, that tasks can run as the user that is configured. */
    void requireUser() {
        user();
    }

    private TaskUser user() {
        return TaskUser.of(settings.get(TaskSettings.EXEC_USER).orElse(""));
    }

    LaunchSpec prepare(
            Task task, PreparedCode code, PythonEnvironment environment, Workspace workspace, Console console)
            throws InterruptedException {
        configuration.write(workspace.configuration());
        Map<String, String> base = variables.of(task, workspace.configuration(), environment.variables());
        StartCommand start = StartCommand.of(code, environment.launcher(), interpreterFlags, base);
        Map<String, String> all = new HashMap<>(base);
        all.put("PYTHONPATH", pythonPath(base).of(code, start.scriptFile()));
        for (Notebook notebook : start.notebooks()) {
            console.line("converts the notebook " + notebook.source().getFileName() + " to "
                    + notebook.script().getFileName());
            notebook.convert(environment.interpreter(), workspace.scratch(), commands);
        }
        if (code.language() == Language.PYTHON) {
            init.insert(start.scriptFile(), workspace.sources(), environment.interpreter(), commands, console);
        }
        workspace.startIn(code.scriptFolder());
        TaskUser user = user();
        user.own(workspace.scratch(), workspace.environment());
        String program = String.valueOf(Path.of(start.command().getFirst()).getFileName());
        console.line(Phases.line("script", "running", program + " " + code.entryPoint()));
        return LaunchSpec.of(environment.interpreter(), start.command())
                .directory(code.scriptFolder())
                .environment(all)
                .user(user.name())
                .spoolLimit(settings.get(JobSettings.SPOOL_LIMIT))
                .build();
    }

    private PythonPath pythonPath(Map<String, String> base) {
        return new PythonPath(
                base.getOrDefault("PYTHONPATH", ""),
                settings.get(TaskSettings.GIT_ROOT_PYTHON_PATH).orElse(false),
                List.of(),
                settings.get(TaskSettings.EXTRA_PYTHON_PATH).orElse(""));
    }
}
