// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.launch;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.execution.Attachment;
import ml.clear.agent.api.execution.AttemptId;
import ml.clear.agent.api.execution.Execution;
import ml.clear.agent.api.execution.ExecutionReference;
import ml.clear.agent.api.execution.ExecutionRequest;
import ml.clear.agent.api.execution.Executor;
import ml.clear.agent.api.execution.Executor.Capability;
import ml.clear.agent.api.execution.KeptImage;
import ml.clear.agent.api.execution.SharedPath;
import ml.clear.agent.api.execution.TaskFacts;
import ml.clear.agent.api.file.OwnerOnly;
import ml.clear.agent.api.process.ProcessIdentity;
import ml.clear.agent.api.secret.Secret;
import ml.clear.agent.api.task.TaskId;
import ml.clear.agent.runtime.execution.ExecutionFolder;

/** Starts the execute process of tasks through one executor. */
public final class Launcher {

    private static final SecretVariables SECRET = new SecretVariables();

    private final String name;
    private final Executor executor;
    private final Path executions;
    private final List<String> agentCommand;
    private final List<String> options;
    private final Function<TaskFacts, Inheritance> inheritance;

    /**
     * A launcher.
     *
     * @param name the name of the executor
     * @param executions the folder of all executions
     * @param agentCommand the command that starts this agent again, with its global options
     * @param options what every execute process is given besides; no secrets
     * @param inheritance what an execute process needs that is not started in our own process space; asked for each
     */
    public Launcher(
            String name,
            Executor executor,
            Path executions,
            List<String> agentCommand,
            List<String> options,
            Function<TaskFacts, Inheritance> inheritance) {
        this.name = name;
        this.executor = executor;
        this.executions = executions;
        this.agentCommand = List.copyOf(agentCommand);
        this.options = List.copyOf(options);
        this.inheritance = inheritance;
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

    /** The name of its executor. */
    public String executorName() {
        return name;
    }

    /** Check that executions can be started. */
    public void verify() throws InterruptedException {
        executor.verify();
    }

    /** Whether executions keep running when the process that started them ends. */
    public boolean outlivesUs() {
        return !executor.capabilities().contains(Capability.ENDS_WITH_AGENT);
    }

    /** Whether executions are processes of this machine in our own process space. */
    public boolean sharesProcesses() {
        return executor.capabilities().contains(Capability.SHARES_PROCESSES);
    }

    /** Start an execution for a caller that waits for its end and does not attach to it later. */
    public Execution startInForeground(LaunchRequest request, List<String> how) throws InterruptedException {
        AttemptId attempt = ownAttempt("r", request.task().id());
        return executor.start(request(attempt, request, execute(request, how)).build());
    }

    /** Whether the place of an execution can be kept as an image. */
    public boolean keepsImages() {
        return executor.capabilities().contains(Capability.KEEPS_IMAGES);
    }

    /**
     * Run a command in a place as executions of the task have it, and keep the place as an image, for a caller that waits for its
     * end.
     */
    public Execution startImage(LaunchRequest request, List<String> command, KeptImage image)
            throws InterruptedException {
        return executor.start(request(ownAttempt("b", request.task().id()), request, command)
                .image(image)
                .build());
    }

    /**
     * Start the execution of a task that waits in a queue, or was just taken out of it.
     *
     * @param attempt recorded by the caller before the call
     */
    public Execution start(AttemptId attempt, LaunchRequest request) throws InterruptedException {
        return executor.start(request(attempt, request, execute(request, List.of("--require-queue")))
                .build());
    }

    /**
     * Start another execute process for an execution whose own has died.
     *
     * @param attempt recorded by the caller before the call
     */
    public Execution resume(AttemptId attempt, LaunchRequest request) throws InterruptedException {
        return executor.start(
                request(attempt, request, execute(request, List.of("--resume"))).build());
    }

    /** Remove what the place of an ended execution could not remove. */
    public void removeRest(TaskId task) {
        ExecutionFolder.removeRest(executions.resolve(task.value()));
    }

    /** Find an execution again. */
    public Attachment attach(ExecutionReference reference) throws InterruptedException {
        return executor.attach(reference);
    }

    private static AttemptId ownAttempt(String kind, TaskId task) {
        ProcessIdentity self = ProcessIdentity.current();
        return new AttemptId(kind + task.value().substring(0, 12) + "-" + self.pid() + "-" + self.startTicks());
    }

    private List<String> execute(LaunchRequest request, List<String> how) {
        List<String> command = new ArrayList<>(agentCommand);
        command.addAll(List.of("execute", "--id", request.task().id().value()));
        command.addAll(how);
        command.addAll(options);
        return command;
    }

    private ExecutionRequest.Builder request(AttemptId attempt, LaunchRequest request, List<String> command) {
        Path folder = folder(request.task().id());
        Inheritance inherited = sharesProcesses() ? Inheritance.NONE : inheritance.apply(request.task());
        Map<String, String> environment = new HashMap<>(inherited.environment());
        Map<String, Secret> secrets = new HashMap<>(inherited.secrets());
        environment.keySet().removeAll(request.variables().removed());
        secrets.keySet().removeAll(request.variables().removed());
        request.variables().set().forEach((variable, value) -> {
            environment.remove(variable);
            secrets.remove(variable);
            if (SECRET.test(variable)) {
                secrets.put(variable, Secret.of(value));
            } else {
                environment.put(variable, value);
            }
        });
        List<SharedPath> paths = new ArrayList<>(List.of(new SharedPath(folder, SharedPath.Access.WRITE)));
        paths.addAll(inherited.paths());
        return ExecutionRequest.builder(attempt, request.task(), folder)
                .command(command)
                .environment(environment)
                .secrets(secrets)
                .removedVariables(request.variables().removed())
                .paths(paths)
                .resources(request.resources())
                .queue(request.queue())
                .labels(labels(environment))
                .output(request.output())
                .placed(request.placed());
    }

    /** The labels of the Python agent, by which its users find containers and pods. */
    private static Map<String, String> labels(Map<String, String> environment) {
        Map<String, String> labels = new LinkedHashMap<>();
        String worker = environment.getOrDefault("CLEARML_WORKER_ID", "");
        if (!worker.isEmpty()) {
            labels.put("clearml-worker-id", worker);
            labels.put("clearml-parent-worker-id", worker);
        }
        return labels;
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
