// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.server;

import ml.clear.agent.api.task.Task;

/** A connection to a ClearML server, with one login for all. Safe for several threads. */
public interface ClearmlServer extends AutoCloseable {

    /** Tasks. */
    TaskService tasks();

    /** Queues. */
    QueueService queues();

    /** Workers. */
    WorkerService workers();

    /** Projects. */
    ProjectService projects();

    /** Console lines and scalars. */
    EventService events();

    /** The address of the page with a task's results. */
    String resultsPage(Task task);

    /** Close the connections. Idempotent. */
    @Override
    void close();
}
