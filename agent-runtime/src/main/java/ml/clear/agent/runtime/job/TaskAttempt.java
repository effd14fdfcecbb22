// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.job;

import java.util.Objects;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorKind;
import ml.clear.agent.api.task.Task;
import ml.clear.agent.api.task.TaskId;
import ml.clear.agent.runtime.checkout.PreparedCode;
import ml.clear.agent.runtime.execution.ExecutionPhase;
import ml.clear.agent.runtime.execution.Keeper;
import ml.clear.agent.runtime.execution.LaunchSpec;
import ml.clear.agent.runtime.execution.Outcome;
import ml.clear.agent.runtime.execution.RunningProcess;
import ml.clear.agent.runtime.job.TaskMonitor.Reports;
import ml.clear.agent.runtime.lifecycle.Phases;
import org.jspecify.annotations.Nullable;

/**
 * The steps of one run of a task in this execute process, and how it ends. For one thread; a stop signal or an abort on the
 * server interrupts the current step.
 */
final class TaskAttempt implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(TaskAttempt.class.getName());

    private final JobContext context;
    private final OwnedExecution execution;
    private final Abort abort;
    private final ExecutionClaim claim;
    private @Nullable Workspace workspace;
    private @Nullable Ending recorded;
    private @Nullable RunningProcess process;
    private boolean started;
    private boolean preparedAgain;

    private TaskAttempt(JobContext context, OwnedExecution execution) {
        this.context = context;
        this.execution = execution;
        this.abort = execution.abort();
        this.claim = ExecutionClaim.of(context, execution.folder(), execution::announce);
    }

    /** A new execution of a task, which this process owns. */
    static TaskAttempt begin(JobContext context, TaskId id) {
        return new TaskAttempt(context, OwnedExecution.create(context, id));
    }

    /** The execution of a task whose execute process died. */
    static TaskAttempt resume(JobContext context, TaskId id) {
        return new TaskAttempt(context, OwnedExecution.open(context, id));
    }

    /** Claim the task. When the claim fails, no execution is left that would be resumed. */
    Task claim(ClaimTerms terms) {
        try {
            return claim.take(terms);
        } catch (AgentException e) {
            execution.stopWatching();
            if (e.code().kind() == ErrorKind.USER) {
                execution.folder().remove();
            }
            throw e;
        }
    }

    /** What is left to do for an execution that was begun; decides the race with a keeper that is just about to start. */
    ExecutionPhase.Resumption resumption() throws InterruptedException {
        recorded = new EndingRecord(execution.folder()).read().orElse(null);
        if (recorded != null) {
            execution.followConsole();
            return ExecutionPhase.Resumption.DELIVER;
        }
        process = RunningProcess.attach(execution.folder()).orElse(null);
        started = process != null;
        preparedAgain = !started;
        if (preparedAgain) {
            return ExecutionPhase.Resumption.PREPARE_AGAIN;
        }
        execution.followConsole();
        return ExecutionPhase.Resumption.FOLLOW;
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
            return beforeStart(Ending.notSetUp(SetUpFailure.reason(execution.task(), e), e));
        } finally {
            execution.stopWatching();
            if (known && workspace != null) {
                workspace.close();
            }
        }
    }

    /** Make the task's folder, empty. */
    Workspace openWorkspace() {
        Workspace made = Workspace.open(context.workspaceFolder(execution.task()));
        workspace = made;
        return made;
    }

    /** Take over the folder of a running task whose execute process died. */
    Workspace takeOverWorkspace() {
        LOG.log(System.Logger.Level.INFO, "task {0} is supervised again", execution.task());
        Workspace found = Workspace.takeOver(context.workspaceFolder(execution.task()));
        workspace = found;
        return found;
    }

    /** Get the sources. */
    PreparedCode checkOut(Task task, Workspace into) throws InterruptedException {
        return abort.interrupting(() -> context.preparation().checkOut(task, into, execution.console()));
    }

    /** Get the environment. */
    ReadyTask prepareEnvironment(Task task, PreparedCode code, Workspace into) throws InterruptedException {
        return abort.interrupting(
                () -> context.preparation().prepareEnvironment(task, code, into, execution.console()));
    }

    /** Decide how the script is started. */
    LaunchSpec prepareLaunch(Task task, ReadyTask ready, Workspace in) throws InterruptedException {
        return abort.interrupting(() -> context.preparation().launch(task, ready, in, execution.console()));
    }

    /** Run a phase of the execution, with a line when it begins and one when it ends. */
    <T> T phase(String name, Phases.Step<T> step) throws InterruptedException {
        return new Phases(execution.console()).run(name, step);
    }

    /** Start the script, unless another process has claimed the task meanwhile. */
    RunningProcess start(LaunchSpec launch) throws InterruptedException {
        claim.confirm();
        execution.console().handOver();
        try {
            RunningProcess begun = abort.interrupting(() -> Keeper.start(execution.folder(), launch));
            started = true;
            return begun;
        } finally {
            started |= !abort.trouble().isEmpty(); // a start that was abandoned may still succeed
        }
    }

    /** Follow the script to its end. */
    Ending follow(Workspace in, RunningProcess script) throws InterruptedException {
        TaskConsole lines = execution.console();
        Outcome outcome;
        try (Reports machine = in.hasSdk() ? Reports.NONE : context.monitor().running(execution.task())) {
            outcome = new TaskSupervisor(
                            context.abortGrace(), context.beforeStop(execution.task(), in, lines), machine, lines)
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
        execution.passReports();
        execution.console().line("the execute process died before it started the script; the task is prepared again");
        return task;
    }

    /** Deliver the console, write the final status, and remove what is left. */
    int finish(Ending ending) throws InterruptedException {
        if (ending.status().kind() == Ending.Status.Kind.DISOWNED) {
            execution.dropReports();
        }
        int exitCode = new TaskFinish(context, execution.folder(), execution.console(), abort).finish(ending);
        if (abort.reason().filter(AbortReason.PROCESS_ENDING::equals).isPresent()) {
            execution.endWith(exitCode);
        }
        return exitCode;
    }

    @Override
    public void close() {
        execution.close();
    }

    private void watch() {
        if (started && !claim.isLaterRank()) {
            execution.announce();
        }
        execution.watch(!claim.isLaterRank() && !preparedAgain);
    }

    /** Where not even the console can be begun, the status has the reason. */
    private Ending beforeStart(Ending ending) throws InterruptedException {
        try {
            execution.console().takeBack();
        } catch (AgentException e) {
            new FinalStatus(context.tasks(), context.worker(), abort::isUrgent)
                    .write(execution.task(), ending.status(), false);
            throw e;
        }
        return ending;
    }
}
