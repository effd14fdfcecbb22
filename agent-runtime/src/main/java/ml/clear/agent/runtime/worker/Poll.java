// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.worker;

import ml.clear.agent.runtime.execution.PendingDequeue;

/** What one look at all queues found. */
sealed interface Poll {

    /**
     * A task that was taken out of its queue.
     *
     * @param dequeue the record of the request
     */
    record Taken(PendingDequeue dequeue) implements Poll {}

    /**
     * A task was requested and the answer was lost: it is unknown whether the task is still in its queue.
     *
     * @param dequeue the record of the request
     * @param reason what is wrong
     */
    record Doubtful(PendingDequeue dequeue, String reason) implements Poll {}

    /**
     * A task is next, but there is no room for it yet.
     *
     * @param queue the id of its queue
     */
    record NoCapacity(String queue) implements Poll {}

    /** All queues are empty, or do not exist, or are not served now. */
    record Nothing() implements Poll {}

    /**
     * The server did not answer, or not as it should.
     *
     * @param reason what is wrong
     */
    record Unanswered(String reason) implements Poll {}
}
