// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.job;

import ml.clear.agent.api.task.Task;
import ml.clear.agent.api.task.TaskId;
import ml.clear.agent.runtime.checkout.PreparedCode;
import ml.clear.agent.runtime.execution.LaunchSpec;
import ml.clear.agent.runtime.execution.RunningProcess;

/** Runs one task from claim to final status, in the calling thread; or resumes it after its execute process died. */
public final class TaskRunner {

    private final JobContext context;

    /** A runner. */
    public TaskRunner(JobContext context) {
        this.context = context;
    }

    /**
     * Run a task.
     *
     * @return the exit code of the execute process: the script's own, 128 and the number of a signal that ended it, or 1
     *     when the task could not be set up
     * @throws ml.clear.agent.api.error.AgentException when the task cannot be claimed, or its end cannot be written down
     */
    public int run(TaskId id, ClaimTerms terms) throws InterruptedException {
        try (TaskAttempt attempt = TaskAttempt.begin(context, id)) {
            Task task = attempt.claim(terms);
            Ending ending = attempt.ending(() -> execute(task, attempt));
            return attempt.finish(ending);
        }
    }

    /**
     * Resume a task whose execute process has died: follow its process when there is one, else prepare it again.
     *
     * @return as {@link #run}
     * @throws ml.clear.agent.api.error.AgentException {@code LOCKED} when another process supervises the task, {@code
     *     NOT_FOUND} when no execution of it was begun on this machine, or its end cannot be written down
     */
    public int resume(TaskId id) throws InterruptedException {
        try (TaskAttempt attempt = TaskAttempt.resume(context, id)) {
            Ending ending = switch (attempt.resumption()) {
                case DELIVER -> attempt.recordedEnding();
                case FOLLOW -> attempt.ending(() -> attempt.follow(attempt.takeOverWorkspace(), attempt.process()));
                case PREPARE_AGAIN -> attempt.ending(() -> execute(attempt.claimAgain(), attempt));
                case NOTHING -> throw new IllegalStateException("an execution that was opened is begun");
            };
            return attempt.finish(ending);
        }
    }

    private static Ending execute(Task task, TaskAttempt attempt) throws InterruptedException {
        Workspace workspace = attempt.openWorkspace();
        PreparedCode code = attempt.checkOut(task, workspace);
        ReadyTask ready = attempt.prepareEnvironment(task, code, workspace);
        LaunchSpec launch = attempt.prepareLaunch(task, ready, workspace);
        return attempt.phase("script", () -> {
            RunningProcess process = attempt.start(launch);
            return attempt.follow(workspace, process);
        });
    }
}
