// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.server;

import ml.clear.agent.api.secret.Secret;
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

    /**
     * A token that the server accepts now; logs in if there is none yet.
     *
     * @throws ml.clear.agent.api.error.AgentException {@code CREDENTIALS_REFUSED} or {@code SERVER_UNAVAILABLE}
     */
    Secret token() throws InterruptedException;

    /** The address of the page with a task's results. */
    String resultsPage(Task task);

    /** Close the connections. Idempotent. */
    @Override
    void close();
}
