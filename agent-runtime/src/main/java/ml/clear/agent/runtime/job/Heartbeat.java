// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.job;

import java.time.Duration;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.task.TaskId;
import ml.clear.agent.runtime.server.TaskService;

/** Periodically reports to the server that a task is alive, even if it prints nothing. Uses its own thread. */
final class Heartbeat implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(Heartbeat.class.getName());

    private final Thread thread;

    private Heartbeat(Thread thread) {
        this.thread = thread;
    }

    /**
     * Start.
     *
     * @param period the time between two beats; zero for none
     */
    static Heartbeat start(TaskService tasks, TaskId task, Duration period) {
        Thread thread = Thread.ofVirtual().name("heartbeat").unstarted(() -> beat(tasks, task, period));
        if (period.isPositive()) {
            thread.start();
        }
        return new Heartbeat(thread);
    }

    private static void beat(TaskService tasks, TaskId task, Duration period) {
        try {
            while (true) {
                Thread.sleep(period);
                try {
                    tasks.ping(task);
                } catch (AgentException e) {
                    LOG.log(System.Logger.Level.DEBUG, "cannot send a heartbeat for task " + task, e);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
