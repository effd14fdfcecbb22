// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.execution;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import ml.clear.agent.api.Stability;
import ml.clear.agent.api.task.Container;
import ml.clear.agent.api.task.TaskId;

/**
 * An execution to start.
 *
 * @param attempt the id of this attempt; no other attempt uses it
 * @param task the task
 * @param command the execute command, complete
 * @param environment variables to set besides the agent's own
 * @param removedVariables the agent's own variables that it does not get
 * @param folder the folder of this execution, absolute, on this machine; exists and holds nothing secret. The executor
 *     may keep one file in it, {@value #OWN_FILE}, which is deleted with the folder
 * @param container the container that the task asks for
 * @param output where the execute process writes
 */
@Stability.Incubating(since = "0.1")
public record ExecutionRequest(
        AttemptId attempt,
        TaskId task,
        List<String> command,
        Map<String, String> environment,
        Set<String> removedVariables,
        Path folder,
        Container container,
        Output output) {

    /** The name of the file that an executor may keep in the folder of an execution. */
    public static final String OWN_FILE = "executor.properties";

    /** Copies the collections and checks for absence. */
    public ExecutionRequest {
        Objects.requireNonNull(attempt);
        Objects.requireNonNull(task);
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
        removedVariables = Set.copyOf(removedVariables);
        Objects.requireNonNull(folder);
        Objects.requireNonNull(container);
        Objects.requireNonNull(output);
    }

    /** The same with another command. */
    public ExecutionRequest withCommand(List<String> other) {
        return new ExecutionRequest(attempt, task, other, environment, removedVariables, folder, container, output);
    }

    /** Where an execute process writes. */
    public enum Output {
        /** To the streams of the agent that starts it. */
        INHERIT,
        /** To the file {@code execute.log} in the folder of the execution. */
        FILE
    }
}
