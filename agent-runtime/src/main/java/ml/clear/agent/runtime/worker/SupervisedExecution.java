// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.worker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorKind;
import ml.clear.agent.api.execution.Attachment;
import ml.clear.agent.api.execution.AttemptId;
import ml.clear.agent.api.execution.Execution;
import ml.clear.agent.api.execution.ExecutionReference;
import ml.clear.agent.api.execution.ExecutionState;
import ml.clear.agent.api.execution.TaskFacts;
import ml.clear.agent.api.task.Container;
import ml.clear.agent.runtime.execution.AbandonedExecution;
import ml.clear.agent.runtime.execution.ExecutionFiles;
import ml.clear.agent.runtime.execution.ExecutionFolder;
import ml.clear.agent.runtime.execution.LaunchRecord;
import ml.clear.agent.runtime.execution.PendingDequeue;
import ml.clear.agent.runtime.execution.ResumeLimit;
import ml.clear.agent.runtime.server.QueueService.Place;
import org.jspecify.annotations.Nullable;

/**
 * One execution, from its start or from where an earlier daemon left it, until nothing is left to do: the execute
 * process has written the final status and removed the folder. When the execute process dies before that, another one
 * is started that resumes the execution.
 *
 * <p>The steps run on one thread. When it is interrupted it leaves: a running execution continues, one that is not
 * started is requeued. {@link #withdraw} and {@link #abort} are for other threads.
 */
final class SupervisedExecution {

    private static final Duration A_WHILE = Duration.ofHours(1);
    private static final Duration LOOK = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    /** While a task that runs has no supervisor, a request to stop it is not seen. */
    private static final Duration LONGEST_UNSEEN = Duration.ofSeconds(4);

    /** An execute process that a daemon started just before it died may not have reached its folder yet. */
    private static final Duration LONGEST_START = Duration.ofSeconds(15);

    private final DaemonContext context;
    private final Path folder;
    private final Pace pace;
    private volatile LaunchRecord record;

    private @Nullable Thread starting;
    private @Nullable Execution current;
    private @Nullable Termination termination;
    private String lastReason = "";
    private boolean withdrawn;
    private boolean aborted;
    private volatile boolean over;

    SupervisedExecution(DaemonContext context, LaunchRecord record) {
        this.context = context;
        this.record = record;
        this.folder = context.folder(record);
        this.pace = new Pace(context.patience(), LONGEST_PAUSE);
    }

    /** How it ended for this daemon. */
    enum Result {
        /** It ran, or must not be run any more. */
        ENDED,
        /** It could not be started here and was requeued. */
        REFUSED
    }

    /** Its current record. */
    LaunchRecord record() {
        return record;
    }

    /** Whether nothing of it is left on this machine although it was interrupted. */
    boolean isOver() {
        return over;
    }

    /**
     * Start the execution and follow it to its end.
     *
     * @param dequeue the record of its dequeue, which is removed once the execution has its own record
     */
    Result run(PendingDequeue dequeue) throws InterruptedException {
        UnstartedTask unstarted = new UnstartedTask(context, record, dequeue, pace);
        Execution execution;
        try {
            mayBeWithdrawn();
            bringToEnd(); // an earlier execution of the task may not be over on this machine
            Optional<TaskFacts> facts = unstarted.facts();
            if (facts.isEmpty()) {
                unstarted.forget();
                return Result.ENDED;
            }
            record = record.attempted();
            record.write(context.executions()); // from here on the next daemon expects an execute process
            context.pendingDequeues().end(dequeue);
            execution = context.launcher(record)
                    .start(new AttemptId(record.attempt()), context.request(record, facts.get()));
        } catch (AgentException e) {
            over = true;
            if (Thread.interrupted()) {
                unstarted.leave();
                throw new InterruptedException("stopped before the execution was started");
            }
            return unstarted.failed(e);
        } catch (InterruptedException e) {
            over = true;
            unstarted.leave();
            throw e;
        }
        follow(execution, LogTail.From.BEGINNING);
        return settle(Place.BACK);
    }

    /** Resume an execution that a dead daemon left. */
    Result adopt() throws InterruptedException {
        Optional<Execution> execution = attached();
        if (execution.isPresent()) {
            await(execution.get(), LogTail.From.END);
        } else {
            awaitBeginning();
        }
        return settle(Place.FRONT);
    }

    /** Settle a dequeue whose result is unknown: the task is requeued unless it was launched or is no longer queued. */
    Result settle(PendingDequeue dequeue) throws InterruptedException {
        mayBeWithdrawn();
        try {
            TimeUnit.NANOSECONDS.sleep(2 * context.patience().toNanos()); // the server may be at the request still
            bringToEnd();
            boolean hasRecord = LaunchRecord.read(folder)
                    .filter(found -> found.dequeue().equals(dequeue.id()))
                    .isPresent();
            if (!hasRecord && back().isDue()) {
                context.say("task '" + record.task() + "' was not started and goes back to its queue");
                back().make(Place.FRONT);
            }
            context.pendingDequeues().end(dequeue);
            return Result.ENDED;
        } catch (InterruptedException e) {
            over = true;
            throw e;
        }
    }

    /** Requeue the task if it is not started yet. */
    synchronized void withdraw() {
        Thread thread = starting;
        if (thread != null) {
            withdrawn = true;
            thread.interrupt();
        }
    }

    /** Abort the execution; its task gets the usual grace period. */
    synchronized void abort() {
        aborted = true;
        withdraw();
        stopIfAborted();
    }

    /** From here on, until it is started, the execution can be withdrawn. */
    private synchronized void mayBeWithdrawn() {
        starting = Thread.currentThread();
    }

    private synchronized void started(Execution execution) {
        current = execution;
        starting = null;
        if (withdrawn) {
            Thread.interrupted(); // too late for that
        }
        stopIfAborted();
    }

    private void stopIfAborted() {
        Execution execution = current;
        if (aborted && execution != null) {
            termination = Termination.begin(execution, record.task(), context);
        }
    }

    private synchronized void ended() {
        current = null;
        Termination running = termination;
        if (running != null) {
            running.close();
        }
    }

    /** The execute process that an earlier daemon started; waits while its executor cannot say whether it runs. */
    private Optional<Execution> attached() throws InterruptedException {
        Optional<ExecutionReference> reference = record.reference(context.executions());
        boolean said = false;
        while (reference.isPresent()) {
            switch (context.launcher(record).attach(reference.get())) {
                case Attachment.Found(Execution execution) -> {
                    return Optional.of(execution);
                }
                case Attachment.Gone(String reason) -> {
                    lastReason = reason;
                    return Optional.empty();
                }
                case Attachment.Unknown(String reason) -> {
                    if (!said) {
                        context.say("cannot determine yet whether task '" + record.task() + "' runs: " + reason);
                        said = true;
                    }
                    TimeUnit.NANOSECONDS.sleep(pace.afterFailure().toNanos());
                }
            }
        }
        return Optional.empty();
    }

    private void awaitBeginning() throws InterruptedException {
        long start = System.nanoTime();
        while (record.handle().isEmpty()
                && !ExecutionFolder.begun(folder)
                && System.nanoTime() - start < LONGEST_START.toNanos()) {
            TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
        }
    }

    /** A started execution is followed even if its start cannot be recorded, for instance because the disk is full. */
    private void follow(Execution execution, LogTail.From from) throws InterruptedException {
        record = record.started(execution.handle());
        try {
            record.write(context.executions());
        } catch (AgentException e) {
            context.say("the start of task '" + record.task() + "' is not recorded; it is followed anyway: "
                    + e.getMessage());
        }
        await(execution, from);
    }

    private void await(Execution execution, LogTail.From from) throws InterruptedException {
        started(execution);
        try (LogTail tail = LogTail.follow(folder.resolve(ExecutionFiles.EXECUTE_LOG), from, context.console())) {
            ExecutionState state = execution.await(A_WHILE);
            while (state instanceof ExecutionState.Running || state instanceof ExecutionState.Waiting) {
                state = execution.await(A_WHILE);
            }
            lastReason = switch (state) {
                case ExecutionState.Ended ended -> ended.reason();
                case ExecutionState.Lost(String reason) -> reason;
                case ExecutionState.Running _, ExecutionState.Waiting _ -> "";
            };
        } finally {
            ended();
        }
    }

    /** Finish what the execute process left undone when it ended. */
    private Result settle(Place place) throws InterruptedException {
        bringToEnd();
        if (LaunchRecord.read(folder).isPresent()) {
            return neverBegun(place);
        }
        ExecutionFolder.removeRest(folder);
        return Result.ENDED;
    }

    private void bringToEnd() throws InterruptedException {
        AbandonedExecution execution =
                new AbandonedExecution(folder, context.launcher(record).sharesProcesses());
        ResumeLimit tries = new ResumeLimit(execution);
        boolean died = true;
        while (ExecutionFolder.begun(folder)) {
            if (ExecutionFolder.supervised(folder)) {
                TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
                continue;
            }
            tries.another(died && serverAnswers());
            Optional<String> hopeless = tries.hopeless();
            if (hopeless.isPresent()) {
                new UnrecoverableExecution(context, record, pace).make(hopeless.get() + because());
                return;
            }
            context.say(
                    "the execute process of task '" + record.task() + "' has died; starting another one to resume it");
            FileTime before = lastDelivery();
            died = resume();
            if (!lastDelivery().equals(before)) {
                pace.reset(); // it was of use, so the next one may come at once
            }
            if (ExecutionFolder.begun(folder)) {
                Duration pause = pace.afterFailure();
                boolean unseen = pause.compareTo(LONGEST_UNSEEN) > 0 && execution.lives();
                TimeUnit.NANOSECONDS.sleep((unseen ? LONGEST_UNSEEN : pause).toNanos());
            }
        }
    }

    private FileTime lastDelivery() {
        try {
            return Files.getLastModifiedTime(folder.resolve(ExecutionFiles.SHIPPED));
        } catch (IOException e) {
            return FileTime.fromMillis(0); // nothing was sent yet
        }
    }

    /** Whether the server answers: while it does not, an execute process may have died because of that. */
    private boolean serverAnswers() {
        try {
            context.server().tasks().state(record.task());
            return true;
        } catch (AgentException e) {
            return false;
        }
    }

    /**
     * Start another execute process. A running task does not fail because none can be started now.
     *
     * @return whether this counts as an attempt: a process was started, or the failure would occur again
     */
    private boolean resume() throws InterruptedException {
        try {
            record = record.attempted();
            record.write(context.executions());
            follow(
                    context.launcher(record)
                            .resume(new AttemptId(record.attempt()), context.request(record, factsToResume())),
                    LogTail.From.END);
            return true;
        } catch (AgentException e) {
            context.say("no execute process could be started for task '" + record.task() + "': " + e.getMessage());
            return e.code().kind() == ErrorKind.USER;
        }
    }

    /** An executor of this machine resumes every kind of task, also while the server is unavailable. */
    private TaskFacts factsToResume() {
        return context.launcher(record).sharesProcesses()
                ? TaskFacts.of(record.task(), Container.NONE)
                : context.facts(record);
    }

    /** The execution was never begun on this machine; the task may have run elsewhere. */
    private Result neverBegun(Place place) throws InterruptedException {
        if (back().isDue()) {
            context.say("task '" + record.task() + "' was not started and goes back to its queue" + because());
            back().make(place);
            return Result.REFUSED;
        }
        record.remove(context.executions());
        return Result.ENDED;
    }

    /** The executor's reason for the end of the last execute process. */
    private String because() {
        return lastReason.isEmpty() ? "" : ": " + lastReason;
    }

    private Requeue back() {
        return new Requeue(context, record, pace);
    }
}
