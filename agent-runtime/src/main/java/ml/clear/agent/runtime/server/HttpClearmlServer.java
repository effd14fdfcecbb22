// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.server;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import ml.clear.agent.api.secret.Secret;
import ml.clear.agent.api.spi.Secrets;
import ml.clear.agent.api.task.Task;
import ml.clear.agent.runtime.network.SystemNetwork;

/**
 * A ClearML server over HTTP. Nothing is sent, and the HTTP library is not loaded, before the first call. Closing ends
 * running calls and waits of other threads with an error.
 */
public final class HttpClearmlServer implements ClearmlServer {

    private final CountDownLatch closed;
    private final HttpChannel channel;
    private final HttpChannel pollChannel;
    private final Session session;
    private final ApiConnection connection;
    private final WebPages pages;
    private final TaskService tasks;
    private final QueueService queues;
    private final WorkerService workers;
    private final ProjectService projects;
    private final EventService events;

    private HttpClearmlServer(
            ServerConnectionSettings settings,
            SystemNetwork network,
            Secrets tokens,
            CountDownLatch closed,
            Timing timing) {
        this.closed = closed;
        Duration poll = settings.timeouts().poll();
        this.channel = new HttpChannel(settings, network, settings.timeouts().silence(), Duration.ZERO);
        this.pollChannel = new HttpChannel(settings, network, poll, poll);
        this.session = new Session(settings, tokens, timing);
        this.pages = WebPages.of(settings);
        this.connection = new ApiConnection(settings, channel, session, timing);
        this.tasks = new HttpTaskService(connection, new ApiConnection(settings, pollChannel, session, timing));
        this.queues = new HttpQueueService(connection);
        this.workers = new HttpWorkerService(connection);
        this.projects = new HttpProjectService(connection);
        this.events = new HttpEventService(connection, settings.largestRequest());
    }

    /**
     * A connection; the caller closes it.
     *
     * @param tokens gets to know each token of the connection before it is used
     */
    public static HttpClearmlServer of(ServerConnectionSettings settings, SystemNetwork network, Secrets tokens) {
        CountDownLatch closed = new CountDownLatch(1);
        return new HttpClearmlServer(settings, network, tokens, closed, Timing.real(closed));
    }

    /** A connection with other clocks and pauses. */
    static HttpClearmlServer of(ServerConnectionSettings settings, SystemNetwork network, Timing timing) {
        return new HttpClearmlServer(settings, network, _ -> {}, new CountDownLatch(1), timing);
    }

    @Override
    public TaskService tasks() {
        return tasks;
    }

    @Override
    public QueueService queues() {
        return queues;
    }

    @Override
    public WorkerService workers() {
        return workers;
    }

    @Override
    public ProjectService projects() {
        return projects;
    }

    @Override
    public EventService events() {
        return events;
    }

    @Override
    public Secret token() throws InterruptedException {
        return connection.token();
    }

    @Override
    public String resultsPage(Task task) {
        return pages.results(task, session.apiVersion());
    }

    @Override
    public void close() {
        closed.countDown();
        channel.close();
        pollChannel.close();
    }
}
