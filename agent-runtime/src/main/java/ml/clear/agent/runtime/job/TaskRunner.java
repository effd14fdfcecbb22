// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.job;

import java.time.Duration;
import java.util.Optional;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.error.ErrorKind;
import ml.clear.agent.api.task.Task;
import ml.clear.agent.api.task.TaskId;
import ml.clear.agent.runtime.job.TaskMonitor.Reports;
import ml.clear.agent.runtime.lifecycle.Phases;
import ml.clear.agent.runtime.lifecycle.StopSignal;
import ml.clear.agent.runtime.process.ExecutionFolder;
import ml.clear.agent.runtime.process.Keeper;
import ml.clear.agent.runtime.process.LaunchSpec;
import ml.clear.agent.runtime.process.Outcome;
import ml.clear.agent.runtime.process.RunningProcess;

/**
 * Runs one task from claim to final status, in the calling thread; or from wherever an execute process that died has left
 * it.
 */
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
     * @return the exit code of the execute process: the script's own, 128 and the number of a signal that ended it, or 1
     *     when the task could not be set up
     * @throws AgentException when the task cannot be claimed, or its end cannot be written down
     */
    public int run(TaskId id, ClaimTerms terms) throws InterruptedException {
        Abort abort = new Abort();
        try (StopSignal signal = new StopSignal(() -> abort.request(AbortReason.SIGNAL));
                ExecutionFolder folder = ExecutionFolder.create(context.executions(), id)) {
            Task task = claim(folder, terms);
            try (TaskConsole console = TaskConsole.begin(folder, context.shipper(id, folder))) {
                return finish(folder, console, abort, execute(task, folder, console, abort));
            }
        }
    }

    /**
     * Go on with a task whose execute process has died: follow its process when there is one, else prepare it again.
     *
     * @return as {@link #run}
     * @throws AgentException {@code LOCKED} when another process supervises the task, {@code NOT_FOUND} when no execution of
     *     it was begun on this machine, or its end cannot be written down
     */
    public int resume(TaskId id) throws InterruptedException {
        Abort abort = new Abort();
        try (StopSignal signal = new StopSignal(() -> abort.request(AbortReason.SIGNAL));
                ExecutionFolder folder =
                        ExecutionFolder.open(context.executions().resolve(id.value()))) {
            Optional<Ending> known = new EndingRecord(folder).read();
            if (known.isPresent()) {
                try (TaskConsole console = TaskConsole.attach(folder, context.shipper(id, folder))) {
                    return finish(folder, console, abort, known.get());
                }
            }
            Optional<RunningProcess> process = RunningProcess.attach(folder);
            if (process.isPresent()) {
                try (TaskConsole console = TaskConsole.attach(folder, context.shipper(id, folder))) {
                    return finish(folder, console, abort, takeUp(id, process.get(), console, abort));
                }
            }
            try (TaskConsole console = TaskConsole.begin(folder, context.shipper(id, folder))) {
                return finish(folder, console, abort, startAgain(id, folder, console, abort));
            }
        }
    }

    /** A task that is not for us leaves no execution behind that somebody would take up. */
    private Task claim(ExecutionFolder folder, ClaimTerms terms) {
        try {
            return claim().take(folder.task(), terms);
        } catch (AgentException e) {
            if (e.code().kind() == ErrorKind.USER) {
                folder.remove();
            }
            throw e;
        }
    }

    private Claim claim() {
        return new Claim(context.tasks(), context.server().workers(), context.worker());
    }

    private Ending startAgain(TaskId id, ExecutionFolder folder, TaskConsole console, Abort abort)
            throws InterruptedException {
        console.line("the execute process died before it started the script; the task is prepared again");
        try {
            Task task = context.tasks().get(id);
            return switch (task.status()) {
                case QUEUED -> execute(claim().take(id, ClaimTerms.NONE), folder, console, abort);
                case IN_PROGRESS -> execute(task, folder, console, abort);
                case CREATED, STOPPED, FAILED, COMPLETED, CLOSED, PUBLISHING, PUBLISHED, UNKNOWN ->
                    Ending.abortedBeforeStart(AbortReason.STATUS_CHANGED);
            };
        } catch (AgentException e) {
            if (e.code() != ErrorCode.NOT_FOUND) {
                throw e;
            }
            return Ending.abortedBeforeStart(AbortReason.DELETED);
        }
    }

    private Ending execute(Task task, ExecutionFolder folder, TaskConsole console, Abort abort)
            throws InterruptedException {
        try (Workspace workspace = Workspace.open(context.builds(), task.id());
                AbortWatch watch = AbortWatch.start(context.tasks(), task.id(), abort, context.abortPoll());
                Heartbeat heartbeat = Heartbeat.start(context.tasks(), task.id(), context.pingPeriod());
                Reports reports = context.monitor().claimed(task.id())) {
            LaunchSpec launch = abort.interrupting(() -> context.preparation().prepare(task, workspace, console));
            return new Phases(console).run("script", () -> {
                console.handOver();
                return follow(
                        task.id(), workspace, abort.interrupting(() -> Keeper.start(folder, launch)), console, abort);
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

    private Ending takeUp(TaskId id, RunningProcess process, TaskConsole console, Abort abort)
            throws InterruptedException {
        try (Workspace workspace = Workspace.takeOver(context.builds(), id);
                AbortWatch watch = AbortWatch.start(context.tasks(), id, abort, context.abortPoll());
                Heartbeat heartbeat = Heartbeat.start(context.tasks(), id, context.pingPeriod());
                Reports reports = context.monitor().claimed(id)) {
            LOG.log(System.Logger.Level.INFO, "task {0} is supervised again", id);
            return follow(id, workspace, process, console, abort);
        }
    }

    private Ending follow(TaskId id, Workspace workspace, RunningProcess process, TaskConsole console, Abort abort)
            throws InterruptedException {
        Outcome outcome;
        try (Reports machine =
                workspace.hasSdk() ? Reports.NONE : context.monitor().running(id)) {
            outcome = new TaskSupervisor(context.abortGrace(), context.abortCallback(id, console), console)
                    .follow(process, abort);
        }
        console.takeBack();
        process.missingAtEnd().ifPresent(console::line);
        if (abort.reason().isEmpty()) { // an abort leaves nothing, whatever the record saw
            process.exit()
                    .ifPresent(exit ->
                            exit.left().forEach(left -> console.line("left running in the background: " + left)));
        }
        return Ending.of(outcome, abort.reason());
    }

    private int finish(ExecutionFolder folder, TaskConsole console, Abort abort, Ending ending)
            throws InterruptedException {
        EndingRecord record = new EndingRecord(folder);
        boolean known = record.read().isPresent();
        if (!known) {
            record.write(ending);
            console.line(ending.words());
        }
        Delivered delivered = deliver(console, abort);
        new FinalStatus(context.tasks(), context.worker(), () -> signalled(abort))
                .write(folder.task(), ending.status(), known);
        switch (delivered) {
            case ALL -> {
                console.close();
                folder.remove();
            }
            case LATER -> {}
            case NEVER -> {
                console.close();
                LOG.log(
                        System.Logger.Level.ERROR,
                        "lines of task {0} that cannot be brought to the server are kept in ''{1}''",
                        folder.task(),
                        folder.setAside());
            }
        }
        return ending.exitCode();
    }

    private enum Delivered {
        ALL,
        LATER,
        NEVER
    }

    /** The server may be away for long, and the lines wait; only somebody who wants to leave does not wait for them. */
    private static Delivered deliver(TaskConsole console, Abort abort) throws InterruptedException {
        while (!console.finish(signalled(abort) ? LAST_LINES_AFTER_SIGNAL : LAST_LINES)) {
            if (console.failure().isPresent()) {
                return Delivered.NEVER;
            }
            if (signalled(abort)) {
                LOG.log(System.Logger.Level.WARNING, "the last lines could not be delivered; they stay in the folder");
                return Delivered.LATER;
            }
        }
        return Delivered.ALL;
    }

    private static boolean signalled(Abort abort) {
        return abort.reason().filter(AbortReason.SIGNAL::equals).isPresent();
    }
}
