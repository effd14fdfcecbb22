// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.launch;

import java.util.Objects;
import java.util.function.Consumer;
import ml.clear.agent.api.execution.ExecutionRequest.Output;
import ml.clear.agent.api.execution.Placement;
import ml.clear.agent.api.execution.Resources;
import ml.clear.agent.api.execution.TaskFacts;

/**
 * Whose execute process to start, and how.
 *
 * @param task what is known about the task
 * @param queue the name of the queue that it came from; empty for none
 * @param resources what it may use
 * @param output where the execute process writes
 * @param variables what it gets besides the agent's own variables
 * @param placed called with what the executor chose, before the execute process begins
 */
public record LaunchRequest(
        TaskFacts task,
        String queue,
        Resources resources,
        Output output,
        Launcher.Variables variables,
        Consumer<Placement> placed) {

    /** Checks for absence. */
    public LaunchRequest {
        Objects.requireNonNull(task);
        Objects.requireNonNull(queue);
        Objects.requireNonNull(resources);
        Objects.requireNonNull(output);
        Objects.requireNonNull(variables);
        Objects.requireNonNull(placed);
    }
}
