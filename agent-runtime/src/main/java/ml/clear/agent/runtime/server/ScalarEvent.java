// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.server;

import java.util.Objects;
import ml.clear.agent.api.task.TaskId;

/**
 * A point of a curve of a task.
 *
 * @param task the task
 * @param worker the worker that reports it
 * @param title the title of the graph
 * @param series the name of the curve
 * @param iteration where the point lies
 * @param value how high it is; finite
 * @param timestamp milliseconds since 1970
 */
public record ScalarEvent(
        TaskId task, String worker, String title, String series, long iteration, double value, long timestamp) {

    /** Checks for absence, and that the server can store the value. */
    public ScalarEvent {
        Objects.requireNonNull(task);
        Objects.requireNonNull(worker);
        Objects.requireNonNull(title);
        Objects.requireNonNull(series);
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException("a scalar is a finite number, got '" + value + "' for " + series);
        }
    }
}
