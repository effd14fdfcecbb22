// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.job;

import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.task.Task;
import ml.clear.agent.api.task.TaskId;
import ml.clear.agent.runtime.execution.ExecutionFolder;
import ml.clear.agent.runtime.server.TaskService;

/**
 * The claim of one execution to its task: made before a new execution begins, again before one whose execute process died is
 * prepared again, and confirmed before the script is started. Later ranks of a task run what rank 0 has claimed.
 */
final class ExecutionClaim {

    private final TaskService tasks;
    private final TaskId task;
    private final Claim claim;
    private final boolean laterRank;
    private final Runnable announce;

    /**
     * A claim that is not made yet.
     *
     * @param laterRank whether another process of the task makes the claim
     * @param announce reports to the server that this worker runs the task, before it returns
     */
    ExecutionClaim(TaskService tasks, TaskId task, Claim claim, boolean laterRank, Runnable announce) {
        this.tasks = tasks;
        this.task = task;
        this.claim = claim;
        this.laterRank = laterRank;
        this.announce = announce;
    }

    /** The claim of an execution. */
    static ExecutionClaim of(JobContext context, ExecutionFolder folder, Runnable announce) {
        Claim claim = new Claim(context.tasks(), context.server().workers(), context.worker(), folder.marker());
        return new ExecutionClaim(context.tasks(), folder.task(), claim, context.rank() > 0, announce);
    }

    boolean isLaterRank() {
        return laterRank;
    }

    /** Claim the task. */
    Task take(ClaimTerms terms) {
        return laterRank ? tasks.get(task) : claim.take(task, terms, announce);
    }

    /**
     * Claim a task again that an execute process of this machine claimed and did not start.
     *
     * @throws TaskAbandoned when it no longer belongs to this execution
     */
    Task takeAgain() throws TaskAbandoned {
        try {
            Task found = tasks.get(task);
            if (laterRank) {
                return found;
            }
            return switch (found.status()) {
                case QUEUED -> claim.take(task, ClaimTerms.NONE, announce);
                case IN_PROGRESS -> {
                    if (!claim.isHeld(task) || claim.runningElsewhere(task).isPresent()) {
                        throw new TaskAbandoned(AbortReason.CLAIMED_ELSEWHERE);
                    }
                    yield claim.take(task, new ClaimTerms(false, true), announce);
                }
                case CREATED -> throw new TaskAbandoned(AbortReason.RESET);
                case STOPPED, FAILED, COMPLETED, CLOSED, PUBLISHING, PUBLISHED, UNKNOWN ->
                    throw new TaskAbandoned(AbortReason.STATUS_CHANGED);
            };
        } catch (AgentException e) {
            switch (e.code()) {
                case NOT_FOUND -> throw new TaskAbandoned(AbortReason.DELETED);
                case CONFLICT -> throw new TaskAbandoned(AbortReason.CLAIMED_ELSEWHERE);
                default -> throw e;
            }
        }
    }

    /**
     * Check that no other process has claimed the task since.
     *
     * @throws TaskAbandoned when one has
     */
    void confirm() throws TaskAbandoned {
        if (!laterRank && !claim.isConfirmed(task)) {
            throw new TaskAbandoned(AbortReason.CLAIMED_ELSEWHERE);
        }
    }
}
