// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.worker;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorKind;
import ml.clear.agent.api.task.TaskStatus;
import ml.clear.agent.runtime.execution.ExecutionFolder;
import ml.clear.agent.runtime.execution.LaunchRecord;
import ml.clear.agent.runtime.server.QueueService.Place;
import ml.clear.agent.runtime.server.TaskState;

/** Gives a task that was taken and not started back to its queue. Used by one thread. */
final class Requeue {

    private final DaemonContext context;
    private final LaunchRecord record;
    private final Pace pace;

    Requeue(DaemonContext context, LaunchRecord record, Pace pace) {
        this.context = context;
        this.record = record;
        this.pace = pace;
    }

    /** Whether it waits to be run, as far as the server knows; waits while the server is away. */
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

    /** Give it back, as often as it takes. */
    void make(Place place) throws InterruptedException {
        while (!tried(place)) {
            TimeUnit.NANOSECONDS.sleep(pace.afterFailure().toNanos());
        }
    }

    /** Try once; whether there is nothing left to give back. */
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

    /** Not that of an earlier execution that still runs. */
    void removeRecord() {
        if (!ExecutionFolder.begun(context.folder(record))) {
            record.remove(context.executions());
        }
    }
}
