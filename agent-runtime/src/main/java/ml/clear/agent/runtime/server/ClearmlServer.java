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

    /** The address under which people find a task's results. */
    String resultsPage(Task task);

    /** Let go of the connections; nothing happens the second time. */
    @Override
    void close();
}
