// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.execution;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import ml.clear.agent.api.Stability;
import ml.clear.agent.api.secret.Secret;
import ml.clear.agent.api.task.Container;
import ml.clear.agent.api.task.TaskId;

/**
 * An execution to start. Made with {@link #builder}.
 *
 * @param attempt the id of this attempt; no other attempt uses it
 * @param task what is known about the task
 * @param command the execute command, complete
 * @param environment variables to set besides the agent's own
 * @param secrets variables to set whose values are secret: an executor hands them over where no other user reads them,
 *     never in a command line or in a description that its platform shows
 * @param removedVariables the agent's own variables that it does not get
 * @param folder the folder of this execution, absolute, on this machine; exists and holds nothing secret. The executor
 *     may keep one file in it, {@value #OWN_FILE}, which is deleted with the folder, and write to {@value #SETUP_LOG}
 * @param paths what must exist at the same path where the execute process runs; {@link #folder} is among them
 * @param resources what the execution may use
 * @param queue the name of the queue that the task came from; empty for none
 * @param labels what marks the execution for operators, where the platform has such marks: name to value
 * @param output where the execute process writes
 * @param image what is kept of its place; only asked of executors that can
 * @param placed called by the executor, at most once, with what it chose and before the execute process begins; may take a while,
 *     since it asks the server, and throws nothing
 */
@Stability.Incubating(since = "0.1")
public record ExecutionRequest(
        AttemptId attempt,
        TaskFacts task,
        List<String> command,
        Map<String, String> environment,
        Map<String, Secret> secrets,
        Set<String> removedVariables,
        Path folder,
        List<SharedPath> paths,
        Resources resources,
        String queue,
        Map<String, String> labels,
        Output output,
        KeptImage image,
        Consumer<Placement> placed) {

    /** The name of the file that an executor may keep in the folder of an execution. */
    public static final String OWN_FILE = "executor.properties";

    /**
     * The name of the file in the folder of an execution whose lines become the first of the task's log: what is written while
     * the place of the execute process is prepared, by set-up scripts for instance.
     */
    public static final String SETUP_LOG = "setup.log";

    /** Copies the collections and checks for absence. */
    public ExecutionRequest {
        Objects.requireNonNull(attempt);
        Objects.requireNonNull(task);
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
        secrets = Map.copyOf(secrets);
        removedVariables = Set.copyOf(removedVariables);
        Objects.requireNonNull(folder);
        paths = List.copyOf(paths);
        Objects.requireNonNull(resources);
        Objects.requireNonNull(queue);
        labels = Map.copyOf(labels);
        Objects.requireNonNull(output);
        Objects.requireNonNull(image);
        Objects.requireNonNull(placed);
    }

    /** A request of a task of which only its id is known. */
    public static Builder builder(AttemptId attempt, TaskId task, Path folder) {
        return builder(attempt, TaskFacts.of(task, Container.NONE), folder);
    }

    /** A request without anything that may be absent. */
    public static Builder builder(AttemptId attempt, TaskFacts task, Path folder) {
        return new Builder(attempt, task, folder);
    }

    /** The same with another command. */
    public ExecutionRequest withCommand(List<String> other) {
        return new ExecutionRequest(
                attempt,
                task,
                other,
                environment,
                secrets,
                removedVariables,
                folder,
                paths,
                resources,
                queue,
                labels,
                output,
                image,
                placed);
    }

    /** Where an execute process writes. */
    public enum Output {
        /** To the streams of the agent that starts it. */
        INHERIT,
        /** To the file {@code execute.log} in the folder of the execution. */
        FILE
    }

    /** Collects the parts of a request. For one thread. */
    public static final class Builder {

        private final AttemptId attempt;
        private final TaskFacts task;
        private final Path folder;
        private List<String> command = List.of();
        private Map<String, String> environment = Map.of();
        private Map<String, Secret> secrets = Map.of();
        private Set<String> removedVariables = Set.of();
        private List<SharedPath> paths;
        private Resources resources = Resources.UNLIMITED;
        private String queue = "";
        private Map<String, String> labels = Map.of();
        private Output output = Output.FILE;
        private KeptImage image = KeptImage.NONE;
        private Consumer<Placement> placed = _ -> {};

        private Builder(AttemptId attempt, TaskFacts task, Path folder) {
            this.attempt = attempt;
            this.task = task;
            this.folder = folder;
            this.paths = List.of(new SharedPath(folder, SharedPath.Access.WRITE));
        }

        /** The execute command. */
        public Builder command(List<String> words) {
            command = words;
            return this;
        }

        /** Variables to set; none unless given. */
        public Builder environment(Map<String, String> variables) {
            environment = variables;
            return this;
        }

        /** Secret variables to set; none unless given. */
        public Builder secrets(Map<String, Secret> variables) {
            secrets = variables;
            return this;
        }

        /** The agent's own variables to leave out; none unless given. */
        public Builder removedVariables(Set<String> names) {
            removedVariables = names;
            return this;
        }

        /** All shared paths; the folder of the execution alone unless given. */
        public Builder paths(List<SharedPath> shared) {
            paths = shared;
            return this;
        }

        /** What it may use; no limits unless given. */
        public Builder resources(Resources limits) {
            resources = limits;
            return this;
        }

        /** The name of its queue; none unless given. */
        public Builder queue(String name) {
            queue = name;
            return this;
        }

        /** Its labels; none unless given. */
        public Builder labels(Map<String, String> marks) {
            labels = marks;
            return this;
        }

        /** Where it writes; the file unless given. */
        public Builder output(Output target) {
            output = target;
            return this;
        }

        /** What is kept of its place; nothing unless given. */
        public Builder image(KeptImage kept) {
            image = kept;
            return this;
        }

        /** What is called with the executor's choice; nothing unless given. */
        public Builder placed(Consumer<Placement> listener) {
            placed = listener;
            return this;
        }

        /** The request. */
        public ExecutionRequest build() {
            return new ExecutionRequest(
                    attempt,
                    task,
                    command,
                    environment,
                    secrets,
                    removedVariables,
                    folder,
                    paths,
                    resources,
                    queue,
                    labels,
                    output,
                    image,
                    placed);
        }
    }
}
