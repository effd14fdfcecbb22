// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.launch;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.execution.Attachment;
import ml.clear.agent.api.execution.AttemptId;
import ml.clear.agent.api.execution.Execution;
import ml.clear.agent.api.execution.ExecutionReference;
import ml.clear.agent.api.execution.ExecutionRequest;
import ml.clear.agent.api.execution.ExecutionRequest.Output;
import ml.clear.agent.api.execution.Executor;
import ml.clear.agent.api.file.OwnerOnly;
import ml.clear.agent.api.process.ProcessIdentity;
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

    /** Whether executions keep running when the process that started them ends. */
    public boolean outlivesUs() {
        return !executor.capabilities().contains(Executor.Capability.ENDS_WITH_AGENT);
    }

    /** Start the execution of a task that waits in a queue, for a caller that does not attach to it later. */
    public Execution start(TaskId task, Container container, Output output) throws InterruptedException {
        ProcessIdentity self = ProcessIdentity.current();
        AttemptId attempt =
                new AttemptId("r" + task.value().substring(0, 12) + "-" + self.pid() + "-" + self.startTicks());
        return start(attempt, task, container, output, Variables.NONE);
    }

    /**
     * Start the execution of a task that waits in a queue, or was just taken out of it.
     *
     * @param attempt recorded by the caller before the call
     * @param variables what its execute process gets besides the agent's own variables
     */
    public Execution start(AttemptId attempt, TaskId task, Container container, Output output, Variables variables)
            throws InterruptedException {
        return executor.start(request(attempt, task, "--require-queue", container, output, variables));
    }

    /**
     * Start another execute process for an execution whose own has died.
     *
     * @param attempt recorded by the caller before the call
     */
    public Execution resume(AttemptId attempt, TaskId task, Container container, Output output, Variables variables)
            throws InterruptedException {
        return executor.start(request(attempt, task, "--resume", container, output, variables));
    }

    /** Find an execution again. */
    public Attachment attach(ExecutionReference reference) throws InterruptedException {
        return executor.attach(reference);
    }

    private ExecutionRequest request(
            AttemptId attempt, TaskId task, String how, Container container, Output output, Variables variables) {
        List<String> command = new ArrayList<>(agentCommand);
        command.addAll(List.of("execute", "--id", task.value(), how));
        command.addAll(options);
        return new ExecutionRequest(
                attempt, task, command, variables.set(), variables.removed(), folder(task), container, output);
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
