// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.worker;

import java.util.Optional;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.execution.TaskFacts;
import ml.clear.agent.runtime.execution.LaunchRecord;
import ml.clear.agent.runtime.execution.PendingDequeue;
import ml.clear.agent.runtime.lifecycle.FailureBackoff;
import ml.clear.agent.runtime.server.QueueService.Place;

/**
 * A task that was taken out of its queue and has no execute process: handles each reason why none was started. Used by
 * one thread.
 */
final class UnstartedTask {

    private final DaemonContext context;
    private final LaunchRecord record;
    private final PendingDequeue dequeue;
    private final FailureBackoff pace;

    UnstartedTask(DaemonContext context, LaunchRecord record, PendingDequeue dequeue, FailureBackoff pace) {
        this.context = context;
        this.record = record;
        this.dequeue = dequeue;
        this.pace = pace;
    }

    /** What is known about the task; empty when it was deleted. */
    Optional<TaskFacts> facts() {
        try {
            return Optional.of(context.facts(record));
        } catch (AgentException e) {
            if (e.code() != ErrorCode.NOT_FOUND) {
                throw e;
            }
            context.say("task '" + record.task() + "' is not run: " + e.getMessage());
            return Optional.empty();
        }
    }

    /**
     * Handle a failed launch. An error of the task itself, such as an image that does not exist, fails the task, since
     * it would occur again on every machine. Any other error requeues the task at the back, where another worker may
     * take it.
     */
    SupervisedExecution.Result failed(AgentException failure) throws InterruptedException {
        return switch (failure.code().kind()) {
            case USER -> {
                context.say("task '" + record.task() + "' fails, it cannot be launched: " + failure.getMessage());
                new UnrecoverableExecution(context, record, pace)
                        .failLaunch("could not be launched: " + failure.getMessage());
                forget();
                yield SupervisedExecution.Result.ENDED;
            }
            case ENVIRONMENT, REMOTE, INTERNAL -> {
                context.say("task '" + record.task() + "' cannot be started and goes back to its queue: "
                        + failure.getMessage());
                requeue().make(Place.BACK);
                context.pendingDequeues().end(dequeue);
                yield SupervisedExecution.Result.REFUSED;
            }
        };
    }

    /** Requeue the task while the daemon ends: tries once; after a failure the next daemon finds the record. */
    void leave() {
        context.say("task '" + record.task() + "' is not started and goes back to its queue");
        if (requeue().tried(Place.FRONT)) {
            context.pendingDequeues().end(dequeue);
        } else {
            context.say("the server does not answer; the next daemon on this machine requeues the task");
        }
    }

    /** Remove the records of a task that must not be run. */
    void forget() {
        requeue().removeRecord();
        context.pendingDequeues().end(dequeue);
    }

    private Requeue requeue() {
        return new Requeue(context, record, pace);
    }
}
