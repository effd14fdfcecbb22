// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.report;

import java.util.Objects;
import ml.clear.agent.api.task.TaskId;
import ml.clear.agent.runtime.server.EventService;
import ml.clear.agent.runtime.server.LogEvent;

/**
 * Where a task's console goes.
 *
 * @param events the server
 * @param task the task
 * @param worker the worker that reports it
 * @param heading what each event begins with; empty for nothing, otherwise with its line end
 */
public record LogDestination(EventService events, TaskId task, String worker, String heading) {

    /** Checks for absence. */
    public LogDestination {
        Objects.requireNonNull(events);
        Objects.requireNonNull(task);
        Objects.requireNonNull(worker);
        Objects.requireNonNull(heading);
    }

    /** Events without a heading. */
    public LogDestination(EventService events, TaskId task, String worker) {
        this(events, task, worker, "");
    }

    /** An event for it. */
    LogEvent event(String level, String message, long timestamp) {
        return new LogEvent(task, worker, level, message.isEmpty() ? message : heading + message, timestamp);
    }
}
