// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.execution;

import java.nio.file.Path;
import ml.clear.agent.api.task.TaskId;

/**
 * The dequeue of a task that is not over yet, written down before the server is asked for it.
 *
 * @param task the task
 * @param queue the id of the queue
 * @param file where it is written down, until the task's own record takes its place
 */
public record PendingDequeue(TaskId task, String queue, Path file) {

    /** What no other one is called. */
    public String id() {
        return file.getFileName().toString();
    }
}
