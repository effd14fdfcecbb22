// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.worker;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorKind;
import ml.clear.agent.api.task.TaskStatus;
import ml.clear.agent.runtime.execution.ExecutionFolder;
import ml.clear.agent.runtime.execution.LaunchRecord;
import ml.clear.agent.runtime.lifecycle.FailureBackoff;
import ml.clear.agent.runtime.server.QueueService.Place;
import ml.clear.agent.runtime.server.TaskState;

/** Requeues a task that was taken and not started. Used by one thread. */
final class Requeue {

    private final DaemonContext context;
    private final LaunchRecord record;
    private final FailureBackoff pace;

    Requeue(DaemonContext context, LaunchRecord record, FailureBackoff pace) {
        this.context = context;
        this.record = record;
        this.pace = pace;
    }

    /** Whether the task is still queued according to the server; waits while the server is unavailable. */
    boolean isDue() throws InterruptedException {
        while (true) {
            try {
                Optional<TaskState> state = context.server().tasks().state(record.task());
                return state.isPresent() && state.get().status() == TaskStatus.QUEUED;
            } catch (AgentException e) {
                TimeUnit.NANOSECONDS.sleep(pace.afterFailure().toNanos());
            }
        }
    }

    /** Requeue the task; retries until it succeeds. */
    void make(Place place) throws InterruptedException {
        while (!tried(place)) {
            TimeUnit.NANOSECONDS.sleep(pace.afterFailure().toNanos());
        }
    }

    /** Try once; returns whether nothing is left to requeue. */
    boolean tried(Place place) {
        try {
            if (!record.queue().isEmpty()) {
                context.server().queues().putBack(record.queue(), record.task(), place);
            }
        } catch (AgentException e) {
            if (e.code().kind() != ErrorKind.USER) {
                return false;
            }
            context.say("task '" + record.task() + "' is in no queue any more: " + e.getMessage());
        }
        removeRecord();
        return true;
    }

    /** Remove the launch record, unless it belongs to an execution that has begun. */
    void removeRecord() {
        if (!ExecutionFolder.begun(context.folder(record))) {
            record.remove(context.executions());
        }
    }
}
