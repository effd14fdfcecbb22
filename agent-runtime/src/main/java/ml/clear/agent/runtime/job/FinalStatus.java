// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.job;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.task.TaskId;
import ml.clear.agent.api.task.TaskStatus;
import ml.clear.agent.runtime.lifecycle.FailureBackoff;
import ml.clear.agent.runtime.server.TaskService;

/**
 * Writes a task's final status once, however long the server is unavailable: when an answer is lost, it checks whether
 * the status was set before it retries.
 */
final class FinalStatus {

    private static final System.Logger LOG = System.getLogger(FinalStatus.class.getName());

    /** A server that answers, and refuses for so long, will not take it any more. */
    private static final Duration LONGEST_REFUSAL = Duration.ofHours(1);

    private final TaskService tasks;
    private final Worker worker;
    private final BooleanSupplier leaving;
    private final Duration firstPause;
    private final Duration longestPause;

    /** @param leaving whether this process is to end, and waits no more */
    FinalStatus(TaskService tasks, Worker worker, BooleanSupplier leaving) {
        this(tasks, worker, leaving, Duration.ofMillis(500), Duration.ofSeconds(30));
    }

    FinalStatus(TaskService tasks, Worker worker, BooleanSupplier leaving, Duration firstPause, Duration longestPause) {
        this.tasks = tasks;
        this.worker = worker;
        this.leaving = leaving;
        this.firstPause = firstPause;
        this.longestPause = longestPause;
    }

    /**
     * Write the status. A task that has ended itself, or was ended by another client, keeps its status.
     *
     * @param inDoubt whether a predecessor may have written it
     * @throws AgentException the last failure, when this process is to end, or the server refuses for too long
     */
    void write(TaskId task, Ending.Status status, boolean inDoubt) throws InterruptedException {
        FailureBackoff backoff = new FailureBackoff(firstPause, longestPause);
        boolean doubt = inDoubt;
        long refusedSince = 0;
        for (int failures = 0; ; failures++) {
            try {
                if (!doubt || isInProgress(task)) {
                    doubt = false;
                    change(task, status);
                }
                return;
            } catch (AgentException e) {
                if (e.code() == ErrorCode.CONFLICT || e.code() == ErrorCode.NOT_FOUND) {
                    LOG.log(System.Logger.Level.INFO, "task {0} keeps the status it has: {1}", task, e.getMessage());
                    return;
                }
                boolean away = e.code() == ErrorCode.SERVER_UNAVAILABLE;
                doubt |= !away;
                refusedSince = away || refusedSince == 0 ? System.nanoTime() : refusedSince;
                if (leaving.getAsBoolean() || System.nanoTime() - refusedSince > LONGEST_REFUSAL.toNanos()) {
                    throw e;
                }
                if (failures == 0) {
                    LOG.log(
                            System.Logger.Level.WARNING,
                            "task {0}: its final status waits for the server: {1}",
                            task,
                            e.getMessage());
                }
                TimeUnit.NANOSECONDS.sleep(backoff.afterFailure().toNanos());
            }
        }
    }

    private void change(TaskId task, Ending.Status status) {
        switch (status.kind()) {
            case COMPLETED -> tasks.completed(task, status.reason(), worker.statusMessage());
            case FAILED -> tasks.failed(task, status.reason(), worker.statusMessage());
            case STOPPED -> tasks.stopped(task, status.reason(), worker.statusMessage());
            case LEFT_ALONE, DISOWNED -> {}
        }
    }

    /** Else the status is there, or another caller has set it. */
    private boolean isInProgress(TaskId task) {
        return tasks.state(task)
                .filter(state -> state.status() == TaskStatus.IN_PROGRESS)
                .isPresent();
    }
}
