// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.job;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.task.Task;
import ml.clear.agent.api.task.TaskId;
import ml.clear.agent.api.task.TaskStatus;
import ml.clear.agent.runtime.server.TaskService;
import ml.clear.agent.runtime.server.WorkerService;

/** Takes a task over: out of its queue, in progress, with a note of who runs it. */
final class Claim {

    /** Workers report every 30 s; one that has missed several reports is dead, or will not be heard of soon. */
    private static final Duration SILENCE = Duration.ofMinutes(2);

    private final TaskService tasks;
    private final WorkerService workers;
    private final Worker worker;

    Claim(TaskService tasks, WorkerService workers, Worker worker) {
        this.tasks = tasks;
        this.workers = workers;
        this.worker = worker;
    }

    /**
     * Take it over.
     *
     * @throws AgentException {@code NOT_FOUND} when there is no such task, {@code CONFLICT} when the terms do not allow it
     */
    Task take(TaskId id, ClaimTerms terms) {
        Task task = tasks.get(id);
        if (task.status() == TaskStatus.IN_PROGRESS && !terms.evenIfRunning()) {
            refuseWhatAnotherRuns(id);
        }
        boolean wasQueued = tasks.dequeue(id);
        if (terms.fromQueue() && !wasQueued) {
            throw new AgentException(
                    ErrorCode.CONFLICT,
                    "task '" + id + "' is " + task.status().wireName()
                            + ", not queued; enqueue it, or leave out --require-queue");
        }
        tasks.started(id, "worker started execution", worker.statusMessage());
        tasks.recordRuntime(id, Map.of("_exec_agent_hostname", worker.host()));
        return task;
    }

    private void refuseWhatAnotherRuns(TaskId id) {
        List<String> others = workers.running(id, SILENCE).stream()
                .filter(other -> !other.equals(worker.id()))
                .toList();
        if (!others.isEmpty()) {
            throw new AgentException(
                    ErrorCode.CONFLICT,
                    "task '" + id + "' is run by worker '" + String.join("', '", others)
                            + "'; stop it there first, or give --force to run it a second time");
        }
    }
}
