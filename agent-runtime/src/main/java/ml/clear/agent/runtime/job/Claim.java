// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.job;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.task.Task;
import ml.clear.agent.api.task.TaskId;
import ml.clear.agent.api.task.TaskStatus;
import ml.clear.agent.runtime.server.TaskService;
import ml.clear.agent.runtime.server.TaskService.Start;
import ml.clear.agent.runtime.server.WorkerService;

/**
 * Claims a task: takes it out of its queue, sets it in progress and records its worker. Of several processes that claim
 * a task at the same moment, at most one succeeds. No single call of the server ensures this, but three answers
 * together do:
 *
 * <ul>
 *   <li>It changes a status by compare and set, and its answer to {@code tasks.started} shows whether the task was in
 *       progress before. This decides between processes that find the task not in progress.
 *   <li>The worker reports the task before that call, so that a process that finds the task in progress finds its
 *       worker.
 *   <li>A claim that neither of these proves writes a unique value into the task, and reads it again before the script
 *       is started. This decides where the answer to the call was lost.
 * </ul>
 */
final class Claim {

    /** Workers report every 30 s; one that has missed several reports is dead, or will not be heard of soon. */
    private static final Duration SILENCE = Duration.ofMinutes(2);

    private static final String HOST = "_exec_agent_hostname";
    private static final String CLAIM = "_exec_agent_claim";

    private final TaskService tasks;
    private final WorkerService workers;
    private final Worker worker;
    private final String value;
    private boolean inDoubt;

    /** @param value what no other claim of any process writes */
    Claim(TaskService tasks, WorkerService workers, Worker worker, String value) {
        this.tasks = tasks;
        this.workers = workers;
        this.worker = worker;
        this.value = value;
    }

    /**
     * Claim the task.
     *
     * @param announce reports to the server that this worker runs the task, before it returns
     * @throws AgentException {@code NOT_FOUND} when there is no such task, {@code CONFLICT} when the terms do not allow
     *     it or another process claims it at the same moment
     */
    Task take(TaskId id, ClaimTerms terms, Runnable announce) {
        Task task = tasks.get(id);
        boolean running = task.status() == TaskStatus.IN_PROGRESS;
        if (running && !terms.evenIfRunning()) {
            refuseWhatAnotherRuns(id);
        }
        if (terms.fromQueue() && !running && task.status() != TaskStatus.QUEUED) {
            throw new AgentException(
                    ErrorCode.CONFLICT,
                    "task '" + id + "' is " + task.status().wireName()
                            + ", not queued; enqueue it, or leave out --require-queue");
        }
        announce.run();
        if (running && !terms.evenIfRunning()) {
            refuseWhatAnotherRuns(id); // both of two claims may pass the first look, and one at most the second
        }
        Start start = tasks.started(id, "worker started execution", worker.statusMessage());
        if (start == Start.UNCHANGED && !running) {
            throw new AgentException(
                    ErrorCode.CONFLICT,
                    "task '" + id + "' was claimed by another process at the same moment, which runs it");
        }
        tasks.dequeue(id);
        inDoubt = running || start == Start.UNKNOWN;
        tasks.recordRuntime(id, inDoubt ? Map.of(HOST, worker.host(), CLAIM, value) : Map.of(HOST, worker.host()));
        return task;
    }

    /**
     * Whether a task that was just claimed still belongs to this claim; always true when the server's answer has proved
     * it.
     */
    boolean isConfirmed(TaskId id) {
        return !inDoubt || isHeld(id);
    }

    /**
     * Whether a task that was claimed before still belongs to this claim: false when another process has claimed it
     * since. True while the server is unavailable.
     */
    boolean isHeld(TaskId id) {
        String holder;
        try {
            holder = tasks.runtime(id).getOrDefault(CLAIM, "");
        } catch (AgentException e) {
            return true;
        }
        return holder.isEmpty() || holder.equals(value);
    }

    private void refuseWhatAnotherRuns(TaskId id) {
        runningElsewhere(id).ifPresent(other -> {
            throw new AgentException(
                    ErrorCode.CONFLICT,
                    "task '" + id + "' is run by worker '" + other
                            + "'; stop it there first, or give --force to run it a second time");
        });
    }

    /** The other workers that report that they run the task now. */
    Optional<String> runningElsewhere(TaskId id) {
        List<String> others = workers.running(id, SILENCE).stream()
                .filter(other -> !other.equals(worker.id()))
                .toList();
        return others.isEmpty() ? Optional.empty() : Optional.of(String.join("', '", others));
    }
}
