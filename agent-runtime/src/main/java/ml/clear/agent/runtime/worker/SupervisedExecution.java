// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.worker;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.execution.Execution;
import ml.clear.agent.api.execution.TaskFacts;
import ml.clear.agent.runtime.execution.ExecutionFolder;
import ml.clear.agent.runtime.execution.LaunchRecord;
import ml.clear.agent.runtime.execution.PendingDequeue;
import ml.clear.agent.runtime.lifecycle.FailureBackoff;
import ml.clear.agent.runtime.server.QueueService.Place;

/**
 * One execution, from its start or from where an earlier daemon left it, until nothing is left to do: the execute
 * process has written the final status and removed the folder. When the execute process dies before that, another one
 * is started that resumes the execution.
 *
 * <p>The steps run on one thread. When it is interrupted it leaves: a running execution continues, one that is not
 * started is requeued. {@link #withdraw} and {@link #abort} are for other threads.
 */
final class SupervisedExecution {

    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    private final DaemonContext context;
    private final Path folder;
    private final FailureBackoff pace;
    private final ExecutionStops stops;
    private final ExecuteProcess process;
    private final ExecutionRecovery recovery;
    private volatile boolean over;

    SupervisedExecution(DaemonContext context, LaunchRecord record) {
        this.context = context;
        this.folder = context.folder(record);
        this.pace = new FailureBackoff(context.patience(), LONGEST_PAUSE);
        this.stops = new ExecutionStops(context, record);
        this.process = new ExecuteProcess(context, record, pace, stops);
        this.recovery = new ExecutionRecovery(context, process, pace);
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
        return process.record();
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
        UnstartedTask unstarted = new UnstartedTask(context, record(), dequeue, pace);
        Execution execution;
        try {
            stops.starting();
            recovery.bringToEnd(); // an earlier execution of the task may not be over on this machine
            Optional<TaskFacts> facts = unstarted.facts();
            if (facts.isEmpty()) {
                unstarted.forget();
                return Result.ENDED;
            }
            process.recordAttempt();
            context.pendingDequeues().end(dequeue);
            execution = process.start(facts.get());
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
        process.follow(execution, LogTail.From.BEGINNING);
        return settle(Place.BACK);
    }

    /** Resume an execution that a dead daemon left. */
    Result adopt() throws InterruptedException {
        process.followEarlier();
        return settle(Place.FRONT);
    }

    /** Settle a dequeue whose result is unknown: the task is requeued unless it was launched or is no longer queued. */
    Result settle(PendingDequeue dequeue) throws InterruptedException {
        stops.starting();
        try {
            TimeUnit.NANOSECONDS.sleep(2 * context.patience().toNanos()); // the server may be at the request still
            recovery.bringToEnd();
            boolean hasRecord = LaunchRecord.read(folder)
                    .filter(found -> found.dequeue().equals(dequeue.id()))
                    .isPresent();
            if (!hasRecord && back().isDue()) {
                context.say("task '" + record().task() + "' was not started and goes back to its queue");
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
    void withdraw() {
        stops.withdraw();
    }

    /** Abort the execution; its task gets the usual grace period. */
    void abort() {
        stops.abort();
    }

    /** Finish what the execute process left undone when it ended. */
    private Result settle(Place place) throws InterruptedException {
        recovery.bringToEnd();
        if (LaunchRecord.read(folder).isPresent()) {
            return neverBegun(place);
        }
        ExecutionFolder.removeRest(folder);
        return Result.ENDED;
    }

    /** The execution was never begun on this machine; the task may have run elsewhere. */
    private Result neverBegun(Place place) throws InterruptedException {
        if (back().isDue()) {
            context.say(
                    "task '" + record().task() + "' was not started and goes back to its queue" + process.because());
            back().make(place);
            return Result.REFUSED;
        }
        record().remove(context.executions());
        return Result.ENDED;
    }

    private Requeue back() {
        return new Requeue(context, record(), pace);
    }
}
