// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.job;

import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.api.python.EnvironmentRequest;
import ml.clear.agent.api.python.EnvironmentRequest.SourceTree;
import ml.clear.agent.api.python.EnvironmentRequest.Target;
import ml.clear.agent.api.python.PackageManager;
import ml.clear.agent.api.python.PythonEnvironment;
import ml.clear.agent.api.python.PythonEnvironment.FrozenPackages;
import ml.clear.agent.api.task.Requirements;
import ml.clear.agent.api.task.Task;
import ml.clear.agent.runtime.checkout.Language;
import ml.clear.agent.runtime.checkout.PreparedCode;
import ml.clear.agent.runtime.environment.EnvironmentStore;
import ml.clear.agent.runtime.environment.PreparedEnvironment;
import ml.clear.agent.runtime.server.TaskService;

/**
 * Prepares the Python environment that a task asks for, and records its packages on the server. Safe for several
 * threads.
 */
public final class TaskEnvironments {

    /** The version in the name of an interpreter, such as {@code python3.11}; a third number does not select one. */
    private static final Pattern VERSION = Pattern.compile("python(\\d+(?:\\.\\d+)?)(?:\\.\\d+)?");

    private final EnvironmentStore environments;
    private final PackageManagerChoice packageManagers;
    private final TaskService tasks;
    private final String machinePython;
    private final boolean inPlace;
    private final Target target;
    private final TaskInit init;

    /**
     * Environments.
     *
     * @param packageManagers which package manager builds the environment of a task
     * @param machinePython the interpreter for tasks that need no environment
     * @param inPlace whether that interpreter has all that tasks need, so that no environment is made for any
     * @param target where the packages of tasks go otherwise
     * @param forcedInit whether the SDK is added to what scripts require
     */
    public TaskEnvironments(
            EnvironmentStore environments,
            PackageManagerChoice packageManagers,
            TaskService tasks,
            String machinePython,
            boolean inPlace,
            Target target,
            boolean forcedInit) {
        this.environments = environments;
        this.packageManagers = packageManagers;
        this.tasks = tasks;
        this.machinePython = machinePython;
        this.inPlace = inPlace;
        this.target = target;
        this.init = new TaskInit(forcedInit);
    }

    /** Make it for a run, and write down on the server what is in it. */
    PythonEnvironment prepare(
            Task task, PreparedCode code, Workspace workspace, Console console, Consumer<String> summary)
            throws InterruptedException {
        if (inPlace) {
            console.line("no Python environment is made, the packages of '" + machinePython + "' are used");
            return ofTheMachine(workspace);
        }
        if (code.language() == Language.SHELL
                && !code.isRepository()
                && task.script().requirements().isEmpty()) {
            console.line("a shell script without requirements: no Python environment is made");
            return ofTheMachine(workspace);
        }
        PythonEnvironment environment = workspace
                .own(make(task, code, workspace.environment(), console, summary))
                .environment();
        record(task, environment);
        return environment;
    }

    private PythonEnvironment ofTheMachine(Workspace workspace) {
        return new PythonEnvironment(workspace.environment(), Path.of(machinePython), Map.of(), FrozenPackages.NONE);
    }

    /**
     * Make it.
     *
     * @param folder absolute; must not exist or be empty
     * @param summary gets what is in it
     */
    PreparedEnvironment make(Task task, PreparedCode code, Path folder, Console console, Consumer<String> summary)
            throws InterruptedException {
        SourceTree sources = new SourceTree(code.root(), code.scriptFolder(), code.isRepository());
        EnvironmentRequest request = new EnvironmentRequest(
                requestedPython(task.script().binary()),
                init.requirements(task, code),
                sources,
                target,
                task.container().image(),
                console);
        PackageManager manager = packageManagers.choose(sources, console);
        PreparedEnvironment prepared = environments.prepare(manager, request, folder);
        int packages = prepared.environment().frozen().size();
        summary.accept(
                (packages == 1 ? "1 package" : packages + " packages") + (prepared.fromCache() ? ", cached" : ""));
        return prepared;
    }

    /** What is installed takes the place of what was asked for, which is kept beside it, once. */
    private void record(Task task, PythonEnvironment environment) {
        if (environment.frozen().isEmpty() || !environment.frozen().recorded()) {
            return;
        }
        Requirements asked = task.script().requirements();
        tasks.recordRequirements(
                task.id(),
                new Requirements(
                        environment.frozen().pip(),
                        environment.frozen().conda().isEmpty()
                                ? asked.conda()
                                : environment.frozen().conda(),
                        asked.originalPip().isEmpty() ? asked.pip() : asked.originalPip(),
                        asked.originalConda().isEmpty()
                                        && !environment.frozen().conda().isEmpty()
                                ? asked.conda()
                                : asked.originalConda()));
    }

    private static String requestedPython(String binary) {
        String name = binary.strip().substring(binary.strip().lastIndexOf('/') + 1);
        Matcher version = VERSION.matcher(name);
        return version.matches() ? version.group(1) : "";
    }
}
