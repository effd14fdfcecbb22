// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.server;

import java.util.Objects;
import ml.clear.agent.api.task.TaskId;

/**
 * A piece of a task's console.
 *
 * @param task the task
 * @param worker the worker that reports it
 * @param level {@code DEBUG} for output of the task, {@code INFO} or {@code ERROR} for the agent's own words
 * @param message one or more whole lines, each with its line end
 * @param timestamp milliseconds since 1970, strictly increasing within a task
 */
public record LogEvent(TaskId task, String worker, String level, String message, long timestamp) {

    /** Checks for absence. */
    public LogEvent {
        Objects.requireNonNull(task);
        Objects.requireNonNull(worker);
        Objects.requireNonNull(level);
        Objects.requireNonNull(message);
    }
}
