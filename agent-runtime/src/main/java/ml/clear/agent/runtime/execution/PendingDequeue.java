// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.execution;

import java.nio.file.Path;
import ml.clear.agent.api.task.TaskId;

/**
 * A dequeue that is not complete yet, recorded before the request is sent to the server.
 *
 * @param task the task
 * @param queue the id of the queue
 * @param file the record, until the task's own record replaces it
 */
public record PendingDequeue(TaskId task, String queue, Path file) {

    /** What no other one is called. */
    public String id() {
        return file.getFileName().toString();
    }
}
