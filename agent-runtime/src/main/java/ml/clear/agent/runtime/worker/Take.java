// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.worker;

import java.nio.file.Path;
import ml.clear.agent.api.task.TaskId;

/**
 * The taking of a task out of a queue, written down before the server is asked for it.
 *
 * @param task the task
 * @param queue the id of the queue
 * @param file where it is written down, until the task's own record takes its place
 */
record Take(TaskId task, String queue, Path file) {

    /** What no other take is called. */
    String id() {
        return file.getFileName().toString();
    }
}
