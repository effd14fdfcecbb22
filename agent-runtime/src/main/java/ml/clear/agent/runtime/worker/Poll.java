// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.worker;

import ml.clear.agent.api.task.TaskId;

/** What one look at all queues found. */
sealed interface Poll {

    /**
     * A task, which is in no queue any more.
     *
     * @param task the task
     * @param queue the id of the queue that it was in
     */
    record Taken(TaskId task, String queue) implements Poll {}

    /** All queues are empty, or do not exist. */
    record Nothing() implements Poll {}

    /**
     * The server did not answer, or not as it should.
     *
     * @param reason what is wrong
     */
    record Unanswered(String reason) implements Poll {}
}
