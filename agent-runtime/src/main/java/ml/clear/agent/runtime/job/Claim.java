// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.job;

import java.util.Map;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.task.Task;
import ml.clear.agent.api.task.TaskId;
import ml.clear.agent.runtime.server.TaskService;

/** Takes a task over: out of its queue, in progress, with a note of who runs it. */
final class Claim {

    private final TaskService tasks;
    private final Worker worker;

    Claim(TaskService tasks, Worker worker) {
        this.tasks = tasks;
        this.worker = worker;
    }

    /**
     * Take it over.
     *
     * @param requireQueue whether it must come from a queue
     * @throws AgentException {@code NOT_FOUND} when there is no such task, {@code CONFLICT} when it had to come from a queue
     *     and did not
     */
    Task take(TaskId id, boolean requireQueue) {
        Task task = tasks.get(id);
        boolean wasQueued = tasks.dequeue(id);
        if (requireQueue && !wasQueued) {
            throw new AgentException(
                    ErrorCode.CONFLICT,
                    "task '" + id + "' is " + task.status().wireName()
                            + ", not queued; enqueue it, or leave out --require-queue");
        }
        tasks.started(id, "worker started execution", worker.statusMessage());
        tasks.recordRuntime(id, Map.of("_exec_agent_hostname", worker.host()));
        return task;
    }
}
