// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.server;

import java.time.Duration;
import java.util.List;
import ml.clear.agent.api.task.TaskId;

/**
 * Workers on the server. Safe for several threads. Except for {@link #listing()}, {@link #running} and {@link #seen},
 * requests are not retried: the next report repeats the information, and a stopping daemon must not wait for an
 * unavailable server. Fails like {@link TaskService}.
 */
public interface WorkerService {

    /** A worker begins to serve these queues. */
    void register(String worker, List<String> queueIds);

    /** A worker serves these queues no more. */
    void unregister(String worker, List<String> queueIds);

    /** How a worker is and what it does; one that the server has forgotten is known again. */
    void report(StatusReport report);

    /** The workers that reported within this time that they run the task. */
    List<String> running(TaskId task, Duration within);

    /** The ids of all workers that have reported within this time. */
    List<String> seen(Duration within);

    /** All workers that the server knows, as YAML. */
    String listing();
}
