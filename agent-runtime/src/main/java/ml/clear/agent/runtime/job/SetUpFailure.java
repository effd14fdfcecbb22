// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.job;

import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.task.TaskId;

/** Logs why a task could not be set up, and gives the reason for its status. */
final class SetUpFailure {

    private static final System.Logger LOG = System.getLogger(SetUpFailure.class.getName());

    private SetUpFailure() {}

    static String reason(TaskId task, Throwable failure) {
        String what = "task " + task + " could not be set up";
        if (failure instanceof AgentException known) {
            boolean defect = known.code() == ErrorCode.INTERNAL;
            LOG.log(defect ? System.Logger.Level.ERROR : System.Logger.Level.DEBUG, what, failure);
            return String.valueOf(failure.getMessage());
        }
        LOG.log(System.Logger.Level.ERROR, what, failure);
        return failure + "; this is a defect of the agent";
    }
}
