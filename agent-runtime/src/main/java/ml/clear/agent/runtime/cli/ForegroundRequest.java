// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.cli;

import ml.clear.agent.api.execution.ExecutionRequest.Output;
import ml.clear.agent.api.execution.Resources;
import ml.clear.agent.api.execution.TaskFacts;
import ml.clear.agent.api.task.TaskId;
import ml.clear.agent.runtime.launch.LaunchRequest;
import ml.clear.agent.runtime.launch.Launcher;
import ml.clear.agent.runtime.server.ClearmlServer;
import ml.clear.agent.runtime.server.PlacementNote;

/** Requests of commands that start an execute process, wait for its end, and let it write to their own streams. */
final class ForegroundRequest {

    private ForegroundRequest() {}

    /** The request for a task, with what the server knows about it. */
    static LaunchRequest of(ClearmlServer server, TaskId task, Resources resources, Launcher.Variables variables) {
        TaskFacts facts = server.tasks().facts(task);
        return new LaunchRequest(
                facts.projectId().isEmpty()
                        ? facts
                        : facts.inProject(server.projects().name(facts.projectId())),
                "",
                resources,
                Output.INHERIT,
                variables,
                new PlacementNote(server.tasks(), task));
    }
}
