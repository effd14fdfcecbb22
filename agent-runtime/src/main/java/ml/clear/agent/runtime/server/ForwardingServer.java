// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.server;

import ml.clear.agent.api.secret.Secret;
import ml.clear.agent.api.task.Task;

/** Forwards every call to another server; a subclass replaces the services that it changes. */
public abstract class ForwardingServer implements ClearmlServer {

    private final ClearmlServer server;

    /**
     * A server.
     *
     * @param server where calls are sent
     */
    protected ForwardingServer(ClearmlServer server) {
        this.server = server;
    }

    @Override
    public TaskService tasks() {
        return server.tasks();
    }

    @Override
    public QueueService queues() {
        return server.queues();
    }

    @Override
    public WorkerService workers() {
        return server.workers();
    }

    @Override
    public ProjectService projects() {
        return server.projects();
    }

    @Override
    public EventService events() {
        return server.events();
    }

    @Override
    public Secret token() throws InterruptedException {
        return server.token();
    }

    @Override
    public String resultsPage(Task task) {
        return server.resultsPage(task);
    }

    @Override
    public void close() {
        server.close();
    }
}
