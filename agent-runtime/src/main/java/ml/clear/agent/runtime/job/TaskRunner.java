// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.job;

import java.time.Duration;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.task.Task;
import ml.clear.agent.api.task.TaskId;
import ml.clear.agent.runtime.lifecycle.Phases;
import ml.clear.agent.runtime.lifecycle.StopSignal;
import ml.clear.agent.runtime.process.ExecutionFolder;
import ml.clear.agent.runtime.process.Keeper;
import ml.clear.agent.runtime.process.LaunchSpec;
import ml.clear.agent.runtime.process.Outcome;
import ml.clear.agent.runtime.process.RunningProcess;

/** Runs one task from claim to final status, in the calling thread. */
public final class TaskRunner {

    private static final System.Logger LOG = System.getLogger(TaskRunner.class.getName());

    /** How long the last lines of a task that is being aborted by a signal may hold up the end of this process. */
    private static final Duration LAST_LINES_AFTER_SIGNAL = Duration.ofSeconds(10);

    private static final Duration LAST_LINES = Duration.ofMinutes(1);

    private final JobContext context;

    /** A runner. */
    public TaskRunner(JobContext context) {
        this.context = context;
    }

    /**
     * Run a task.
     *
     * @param requireQueue whether it must come from a queue
     * @return the exit code of the execute process: the script's own, 128 and the number of a signal that ended it, or 1
     *     when the task could not be set up
     * @throws AgentException when the task cannot be claimed, or its end cannot be written down
     */
    public int run(TaskId id, boolean requireQueue) throws InterruptedException {
        Abort abort = new Abort();
        try (StopSignal signal = new StopSignal(() -> abort.request(AbortReason.SIGNAL));
                ExecutionFolder folder = ExecutionFolder.create(context.executions(), id)) {
            Task task = claim(id, requireQueue, folder);
            Ending ending;
            boolean delivered;
            try (TaskConsole console = context.openConsole(task, folder)) {
                ending = execute(task, folder, console, abort);
                console.line(ending.words());
                delivered = deliver(console, abort);
            }
            new FinalStatus(context.tasks(), context.worker()).write(id, ending.status());
            if (delivered) {
                folder.remove();
            }
            return ending.exitCode();
        }
    }

    /** A task that is not ours leaves nothing behind. */
    private Task claim(TaskId id, boolean requireQueue, ExecutionFolder folder) {
        boolean claimed = false;
        try {
            Task task = new Claim(context.tasks(), context.worker()).take(id, requireQueue);
            claimed = true;
            return task;
        } finally {
            if (!claimed) {
                folder.remove();
            }
        }
    }

    private Ending execute(Task task, ExecutionFolder folder, TaskConsole console, Abort abort)
            throws InterruptedException {
        try (Workspace workspace = Workspace.open(context.builds(), task.id());
                AbortWatch watch = AbortWatch.start(context.tasks(), task.id(), abort, context.abortPoll());
                Heartbeat heartbeat = Heartbeat.start(context.tasks(), task.id(), context.pingPeriod())) {
            LaunchSpec launch = abort.interrupting(() -> context.preparation().prepare(task, workspace, console));
            return new Phases(console).run("script", () -> {
                console.handOver();
                RunningProcess process = abort.interrupting(() -> Keeper.start(folder, launch));
                Outcome outcome = new TaskSupervisor(context.abortGrace(), console).follow(process, abort);
                console.takeBack();
                process.missingAtEnd().ifPresent(console::line);
                if (abort.reason().isEmpty()) { // an abort leaves nothing, whatever the record saw
                    process.exit()
                            .ifPresent(exit -> exit.left()
                                    .forEach(left -> console.line("left running in the background: " + left)));
                }
                return Ending.of(outcome, abort.reason());
            });
        } catch (AgentException e) {
            console.takeBack();
            LOG.log(System.Logger.Level.DEBUG, "task " + task.id() + " could not be set up", e);
            return Ending.notSetUp(e.getMessage());
        } catch (InterruptedException e) {
            console.takeBack();
            return Ending.abortedBeforeStart(abort.reason().orElseThrow(() -> e));
        }
    }

    /** The server may be away for long, and the lines wait; only somebody who wants to leave does not wait for them. */
    private static boolean deliver(TaskConsole console, Abort abort) throws InterruptedException {
        while (!console.finish(signalled(abort) ? LAST_LINES_AFTER_SIGNAL : LAST_LINES)) {
            if (signalled(abort)) {
                LOG.log(System.Logger.Level.WARNING, "the last lines could not be delivered; they stay in the folder");
                return false;
            }
        }
        return true;
    }

    private static boolean signalled(Abort abort) {
        return abort.reason().filter(AbortReason.SIGNAL::equals).isPresent();
    }
}
