// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.job;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import ml.clear.agent.api.process.CommandRunner;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.api.task.Script;
import ml.clear.agent.api.task.Task;
import ml.clear.agent.runtime.checkout.Checkouts;
import ml.clear.agent.runtime.checkout.PreparedCode;
import ml.clear.agent.runtime.execution.LaunchSpec;
import ml.clear.agent.runtime.lifecycle.Phases;
import ml.clear.agent.runtime.server.TaskService;
import org.jspecify.annotations.Nullable;

/** Makes a task ready to start: its sources, its environment, its launch. Safe for several threads. */
public final class Preparation {

    private final Checkouts checkouts;
    private final TaskEnvironments environments;
    private final TaskLaunches launches;
    private final TaskService tasks;
    private final TaskStorage storage;
    private final CodePlace place;
    private final @Nullable CustomBuild customBuild;
    private final List<String> heading;

    /**
     * The three steps, and where the commit is written down.
     *
     * @param storage the stores that tasks use
     * @param place where the code comes from
     * @param buildScript a program that builds environments in place of the package manager; null for none
     * @param commands runs it
     * @param heading what each console begins with
     */
    public Preparation(
            Checkouts checkouts,
            TaskEnvironments environments,
            TaskLaunches launches,
            TaskService tasks,
            TaskStorage storage,
            CodePlace place,
            @Nullable Path buildScript,
            CommandRunner commands,
            List<String> heading) {
        this.checkouts = checkouts;
        this.environments = environments;
        this.launches = launches;
        this.tasks = tasks;
        this.storage = storage;
        this.place = place;
        this.customBuild = buildScript == null ? null : new CustomBuild(buildScript, tasks, commands);
        this.heading = List.copyOf(heading);
    }

    /** Get the sources of a task. */
    PreparedCode checkOut(Task task, Workspace workspace, Console console) throws InterruptedException {
        heading.forEach(console::line);
        launches.requireUser();
        return new Phases(console).run("code", summary -> {
            storage.checkOutputPlace(console);
            Script script = storage.script(task, workspace.sources(), console);
            PreparedCode code = place.prepare(checkouts, script, workspace.sources(), console);
            if (code.isRepository() && task.script().commit().isEmpty()) {
                tasks.recordCommit(task.id(), code.commit());
            }
            summary.accept(code.summary());
            return code;
        });
    }

    /** Get the environment of a task; a custom build script may start other code than the task's entry point. */
    ReadyTask prepareEnvironment(Task task, PreparedCode code, Workspace workspace, Console console)
            throws InterruptedException {
        return new Phases(console).run("environment", summary -> {
            Optional<ReadyTask> built =
                    customBuild == null ? Optional.empty() : customBuild.run(task, code, workspace, console);
            return built.isPresent()
                    ? built.get()
                    : new ReadyTask(code, environments.prepare(task, code, workspace, console, summary));
        });
    }

    /** Decide how the script of a task is started. */
    LaunchSpec launch(Task task, ReadyTask ready, Workspace workspace, Console console) throws InterruptedException {
        return launches.prepare(task, ready.code(), ready.environment(), workspace, console);
    }
}
