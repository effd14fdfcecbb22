// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.launch;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.execution.Execution;
import ml.clear.agent.api.execution.ExecutionRequest;
import ml.clear.agent.api.execution.ExecutionRequest.Output;
import ml.clear.agent.api.execution.Executor;
import ml.clear.agent.api.file.OwnerOnly;
import ml.clear.agent.api.task.Container;
import ml.clear.agent.api.task.TaskId;

/** Starts the execute process of tasks through an executor. */
public final class Launcher {

    private final Executor executor;
    private final Path executions;
    private final List<String> agentCommand;
    private final List<String> options;

    /**
     * A launcher.
     *
     * @param executions the folder of all executions
     * @param agentCommand the command that starts this agent again, with its global options
     */
    public Launcher(Executor executor, Path executions, List<String> agentCommand) {
        this(executor, executions, agentCommand, List.of());
    }

    /**
     * A launcher.
     *
     * @param executions the folder of all executions
     * @param agentCommand the command that starts this agent again, with its global options
     * @param options what every execute process is given besides; no secrets
     */
    public Launcher(Executor executor, Path executions, List<String> agentCommand, List<String> options) {
        this.executor = executor;
        this.executions = executions;
        this.agentCommand = List.copyOf(agentCommand);
        this.options = List.copyOf(options);
    }

    /**
     * What is different in the environment of an execute process from our own.
     *
     * @param set what it gets
     * @param removed what it does not inherit
     */
    public record Variables(Map<String, String> set, Set<String> removed) {

        /** Nothing is. */
        public static final Variables NONE = new Variables(Map.of(), Set.of());

        /** Copies them. */
        public Variables {
            set = Map.copyOf(set);
            removed = Set.copyOf(removed);
        }
    }

    /** Whether executions go on when the process that started them ends. */
    public boolean outlivesUs() {
        return !executor.capabilities().contains(Executor.Capability.ENDS_WITH_AGENT);
    }

    /** Start the execution of a task that waits in a queue, or was just taken out of it. */
    public Execution start(TaskId task, Container container, Output output) throws InterruptedException {
        return start(task, container, output, Variables.NONE);
    }

    /**
     * Start the execution of a task that waits in a queue, or was just taken out of it.
     *
     * @param variables what its execute process gets besides the agent's own variables
     */
    public Execution start(TaskId task, Container container, Output output, Variables variables)
            throws InterruptedException {
        return start(task, "--require-queue", container, output, variables);
    }

    /** Start another execute process for an execution whose own has died. */
    public Execution resume(TaskId task, Container container, Output output, Variables variables)
            throws InterruptedException {
        return start(task, "--resume", container, output, variables);
    }

    /** Find an execution again by its handle; empty when it is gone. */
    public Optional<Execution> attach(String handle) throws InterruptedException {
        return handle.isEmpty() ? Optional.empty() : executor.attach(handle);
    }

    private Execution start(TaskId task, String how, Container container, Output output, Variables variables)
            throws InterruptedException {
        List<String> command = new ArrayList<>(agentCommand);
        command.addAll(List.of("execute", "--id", task.value(), how));
        command.addAll(options);
        return executor.start(new ExecutionRequest(
                task, command, variables.set(), variables.removed(), folder(task), container, output));
    }

    private Path folder(TaskId task) {
        Path folder = executions.resolve(task.value());
        try {
            return OwnerOnly.createFolders(folder);
        } catch (IOException e) {
            throw new AgentException(
                    ErrorCode.FILE_SYSTEM,
                    "cannot make the execution folder '" + folder + "': " + e + "; check agent.state_dir",
                    e);
        }
    }
}
