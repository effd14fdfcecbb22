// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.worker;

import ml.clear.agent.runtime.execution.PendingDequeue;

/** What one look at all queues found. */
sealed interface Poll {

    /**
     * A task, which is in no queue any more.
     *
     * @param dequeue what was written down of it
     */
    record Taken(PendingDequeue dequeue) implements Poll {}

    /**
     * A task was asked for, and the answer is lost: it is not known whether it is in its queue still.
     *
     * @param dequeue what was written down of it
     * @param reason what is wrong
     */
    record Doubtful(PendingDequeue dequeue, String reason) implements Poll {}

    /**
     * A task has its turn, and there is no room for it yet.
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
