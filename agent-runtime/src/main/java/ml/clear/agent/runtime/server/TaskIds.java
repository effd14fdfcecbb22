// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.server;

import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.task.TaskId;

/** Reads the ids of tasks in answers. */
final class TaskIds {

    private TaskIds() {}

    static TaskId parse(Json id) {
        String text = id.text();
        if (!TaskId.matches(text)) {
            throw new AgentException(
                    ErrorCode.SERVER_PROTOCOL, "the server answers '" + text + "' where the id of a task should be");
        }
        return new TaskId(text);
    }
}
