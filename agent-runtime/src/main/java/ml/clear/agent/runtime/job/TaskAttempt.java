// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.job;

import java.util.Objects;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorKind;
import ml.clear.agent.api.task.Task;
import ml.clear.agent.api.task.TaskId;
import ml.clear.agent.runtime.checkout.PreparedCode;
import ml.clear.agent.runtime.execution.ExecutionFolder;
import ml.clear.agent.runtime.execution.ExecutionPhase;
import ml.clear.agent.runtime.execution.Keeper;
import ml.clear.agent.runtime.execution.LaunchSpec;
import ml.clear.agent.runtime.execution.Outcome;
import ml.clear.agent.runtime.execution.RunningProcess;
import ml.clear.agent.runtime.job.TaskMonitor.Reports;
import ml.clear.agent.runtime.lifecycle.Closer;
import ml.clear.agent.runtime.lifecycle.Phases;
import ml.clear.agent.runtime.lifecycle.StopSignal;
import org.jspecify.annotations.Nullable;

/**
 * The resources that one execute process holds while it runs one task, and the steps of the run. The steps are for one
 * thread; a stop signal or an abort on the server interrupts the current one.
 *
 * <p>Closing does not end the task's process: it keeps running under its keeper, and its folders are kept for the next
 * execute process.
 */
final class TaskAttempt implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(TaskAttempt.class.getName());

    private final JobContext context;
    private final ExecutionFolder folder;
    private final Abort abort;
    private final StopSignal signal;
    private final ExecutionClaim claim;
    private final ReportGate gate;
    private final boolean resumed;
    private final Closer watchers = new Closer();
    private @Nullable TaskConsole console;
    private @Nullable Workspace workspace;
    private @Nullable Ending recorded;
    private @Nullable RunningProcess process;
    private boolean started;

    private TaskAttempt(JobContext context, ExecutionFolder folder, Abort abort, StopSignal signal, boolean resumed) {
        this.context = context;
        this.folder = folder;
        this.abort = abort;
        this.signal = signal;
        this.resumed = resumed;
        this.claim = new ExecutionClaim(context, folder, this::announce);
        this.gate = resumed
                ? ReportGate.unknown(context.server().events(), context.tasks(), folder.task())
                : ReportGate.open(context.server().events(), context.tasks(), folder.task());
    }

    /** A new execution of a task, which this process owns. */
    static TaskAttempt begin(JobContext context, TaskId id) {
        Abort abort = new Abort(context.abortGrace());
        StopSignal signal = new StopSignal(abort::requestAtShutdown);
        try {
            ExecutionFolder folder = ExecutionFolder.create(context.executions(), id, context.rank());
            return new TaskAttempt(context, folder, abort, signal, false);
        } catch (RuntimeException e) {
            signal.close();
            throw e;
        }
    }

    /** The execution of a task whose execute process died. */
    static TaskAttempt resume(JobContext context, TaskId id) {
        Abort abort = new Abort(context.abortGrace());
        StopSignal signal = new StopSignal(abort::requestAtShutdown);
        try {
            ExecutionFolder folder =
                    ExecutionFolder.open(context.executions().resolve(ExecutionFolder.name(id, context.rank())));
            return new TaskAttempt(context, folder, abort, signal, true);
        } catch (RuntimeException e) {
            signal.close();
            throw e;
        }
    }

    /** Claim the task. When the claim fails, no execution is left that would be resumed. */
    Task claim(ClaimTerms terms) {
        try {
            return claim.take(terms);
        } catch (AgentException e) {
            watchers.close();
            if (e.code().kind() == ErrorKind.USER) {
                folder.remove();
            }
            throw e;
        }
    }

    /** What is left to do for an execution that was begun; decides the race with a keeper that is just about to start. */
    ExecutionPhase.Resumption resumption() throws InterruptedException {
        recorded = new EndingRecord(folder).read().orElse(null);
        if (recorded != null) {
            return ExecutionPhase.Resumption.DELIVER;
        }
        process = RunningProcess.attach(folder).orElse(null);
        started = process != null;
        return started ? ExecutionPhase.Resumption.FOLLOW : ExecutionPhase.Resumption.PREPARE_AGAIN;
    }

    /** How the execution ended before this process, as the one before has seen. */
    Ending recordedEnding() {
        return Objects.requireNonNull(recorded, "only after resumption() has said so");
    }

    /** The script's process, running or ended. */
    RunningProcess process() {
        return Objects.requireNonNull(process, "only after resumption() has said so");
    }

    /**
     * Run the steps and return how the task ends. Any failure before the script is started, also in a plugin, ends the
     * task with its reason.
     */
    Ending ending(Abort.Step<Ending> steps) throws InterruptedException {
        boolean known = false;
        try {
            watch();
            Ending ending = steps.run();
            known = true;
            return ending;
        } catch (TaskAbandoned e) {
            known = true;
            return beforeStart(Ending.abortedBeforeStart(e.reason()));
        } catch (InterruptedException e) {
            AbortReason reason = abort.reason().filter(_ -> !started).orElseThrow(() -> e);
            known = true;
            return beforeStart(
                    abort.trouble().isEmpty()
                            ? Ending.abortedBeforeStart(reason)
                            : Ending.abortedInTrouble(reason, abort.trouble()));
        } catch (RuntimeException | Error e) {
            if (started) {
                throw e; // the process lives, or its end is unknown: the next execute process continues
            }
            known = true;
            return beforeStart(Ending.notSetUp(SetUpFailure.reason(folder.task(), e), e));
        } finally {
            watchers.close();
            if (known && workspace != null) {
                workspace.close();
            }
        }
    }

    /** Make the task's folder, empty. */
    Workspace openWorkspace() {
        Workspace made = Workspace.open(context.workspaceFolder(folder.task()));
        workspace = made;
        return made;
    }

    /** Take over the folder of a running task whose execute process died. */
    Workspace takeOverWorkspace() {
        LOG.log(System.Logger.Level.INFO, "task {0} is supervised again", folder.task());
        Workspace found = Workspace.takeOver(context.workspaceFolder(folder.task()));
        workspace = found;
        return found;
    }

    /** Get the sources. */
    PreparedCode checkOut(Task task, Workspace into) throws InterruptedException {
        return abort.interrupting(() -> context.preparation().checkOut(task, into, console()));
    }

    /** Get the environment. */
    ReadyTask prepareEnvironment(Task task, PreparedCode code, Workspace into) throws InterruptedException {
        return abort.interrupting(() -> context.preparation().prepareEnvironment(task, code, into, console()));
    }

    /** Decide how the script is started. */
    LaunchSpec prepareLaunch(Task task, ReadyTask ready, Workspace in) throws InterruptedException {
        return abort.interrupting(() -> context.preparation().launch(task, ready, in, console()));
    }

    /** Run a phase of the execution, with a line when it begins and one when it ends. */
    <T> T phase(String name, Phases.Step<T> step) throws InterruptedException {
        return new Phases(console()).run(name, step);
    }

    /** Start the script, unless another process has claimed the task meanwhile. */
    RunningProcess start(LaunchSpec launch) throws InterruptedException {
        claim.confirm();
        console().handOver();
        RunningProcess begun = abort.interrupting(() -> Keeper.start(folder, launch));
        started = true;
        return begun;
    }

    /** Follow the script to its end. */
    Ending follow(Workspace in, RunningProcess script) throws InterruptedException {
        TaskConsole lines = console();
        Outcome outcome;
        try (Reports machine = in.hasSdk() ? Reports.NONE : context.monitor().running(folder.task())) {
            outcome = new TaskSupervisor(
                            context.abortGrace(), context.beforeStop(folder.task(), in, lines), machine, lines)
                    .follow(script, abort);
        }
        lines.takeBack();
        script.missingAtEnd().ifPresent(lines::line);
        if (abort.reason().isEmpty()) { // an abort kills all of them, also the recorded ones
            script.exit()
                    .ifPresent(
                            exit -> exit.left().forEach(left -> lines.line("left running in the background: " + left)));
        }
        return Ending.of(outcome, abort.reason());
    }

    /**
     * Claim a task again that an execute process of this machine claimed and did not start.
     *
     * @throws TaskAbandoned when it no longer belongs to this execution
     */
    Task claimAgain() throws InterruptedException {
        Task task = claim.takeAgain();
        gate.pass();
        console().line("the execute process died before it started the script; the task is prepared again");
        return task;
    }

    /** Deliver the console, write the final status, and remove what is left. */
    int finish(Ending ending) throws InterruptedException {
        if (ending.status().kind() == Ending.Status.Kind.DISOWNED) {
            gate.close();
        }
        int exitCode = new TaskFinish(context, folder, console(), abort).finish(ending);
        if (abort.reason().filter(AbortReason.PROCESS_ENDING::equals).isPresent()) {
            signal.endWith(exitCode);
        }
        return exitCode;
    }

    @Override
    public void close() {
        TaskConsole open = console;
        if (open != null) {
            open.close();
        }
        watchers.close();
        folder.close();
        signal.close();
    }

    /** Made when it is first needed: before a resumed task's process is known, its spool must not be written. */
    private TaskConsole console() {
        TaskConsole open = console;
        if (open == null) {
            open = started || recorded != null
                    ? TaskConsole.attach(folder, context.shipper(folder, gate))
                    : TaskConsole.begin(folder, context.shipper(folder, gate));
            console = open;
        }
        return open;
    }

    private void announce() {
        watchers.own(context.monitor().claiming(folder.task()));
    }

    private void watch() {
        TaskId id = folder.task();
        if (started && !claim.isLaterRank()) {
            announce();
        }
        watchers.own(AbortWatch.start(
                context.tasks(), id, abort, gate, context.abortPoll(), !claim.isLaterRank() && !(resumed && !started)));
        watchers.own(Heartbeat.start(context.tasks(), id, context.pingPeriod()));
    }

    /** Where not even the console can be begun, the status has the reason. */
    private Ending beforeStart(Ending ending) throws InterruptedException {
        try {
            console().takeBack();
        } catch (AgentException e) {
            new FinalStatus(context.tasks(), context.worker(), abort::isUrgent)
                    .write(folder.task(), ending.status(), false);
            throw e;
        }
        return ending;
    }
}
