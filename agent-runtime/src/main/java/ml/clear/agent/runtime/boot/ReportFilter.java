// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.boot;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import ml.clear.agent.api.execution.TaskFacts;
import ml.clear.agent.api.task.Container;
import ml.clear.agent.api.task.Requirements;
import ml.clear.agent.api.task.Task;
import ml.clear.agent.api.task.TaskId;
import ml.clear.agent.api.task.TaskStatus;
import ml.clear.agent.runtime.server.ClearmlServer;
import ml.clear.agent.runtime.server.EventService;
import ml.clear.agent.runtime.server.ForwardingServer;
import ml.clear.agent.runtime.server.LogEvent;
import ml.clear.agent.runtime.server.NewTask;
import ml.clear.agent.runtime.server.ScalarEvent;
import ml.clear.agent.runtime.server.TaskService;
import ml.clear.agent.runtime.server.TaskState;

/**
 * Omits some reports about a task, since another process sends them: the one that started this one, or the first of
 * several machines that run the task together.
 */
final class ReportFilter extends ForwardingServer {

    /** What is not reported. */
    enum Omission {
        /** The lines of the console and the curves; nor is it asked whether to abort the task. */
        CONSOLE,
        /** That the task was started. */
        START,
        /** How the task ended. */
        END,
        /** What is installed. */
        REQUIREMENTS
    }

    private final Set<Omission> omitted;

    /**
     * A filter.
     *
     * @param server the real one
     * @param omitted what is not reported
     */
    ReportFilter(ClearmlServer server, Set<Omission> omitted) {
        super(server);
        this.omitted = Set.copyOf(omitted);
    }

    @Override
    public TaskService tasks() {
        return new Tasks(super.tasks(), omitted);
    }

    @Override
    public EventService events() {
        return omitted.contains(Omission.CONSOLE) ? new NoEvents() : super.events();
    }

    private record NoEvents() implements EventService {

        @Override
        public void addLog(List<LogEvent> events) {}

        @Override
        public boolean hasLog(TaskId task, long timestamp) {
            return true;
        }

        @Override
        public void addScalars(List<ScalarEvent> points) {}
    }

    private record Tasks(TaskService tasks, Set<Omission> omitted) implements TaskService {

        @Override
        public TaskFacts facts(TaskId id) {
            return tasks.facts(id);
        }

        @Override
        public Task get(TaskId id) {
            return tasks.get(id);
        }

        @Override
        public String document(TaskId id) {
            return tasks.document(id);
        }

        @Override
        public Optional<String> artifact(TaskId id, String name) {
            return tasks.artifact(id, name);
        }

        @Override
        public List<TaskId> findByName(String name) {
            return tasks.findByName(name);
        }

        @Override
        public Optional<TaskState> state(TaskId id) {
            return omitted.contains(Omission.CONSOLE)
                    ? Optional.of(new TaskState(TaskStatus.IN_PROGRESS, ""))
                    : tasks.state(id);
        }

        @Override
        public Map<String, String> runtime(TaskId id) {
            return tasks.runtime(id);
        }

        @Override
        public TaskId create(NewTask task) {
            return tasks.create(task);
        }

        @Override
        public TaskId copy(TaskId source, String newName) {
            return tasks.copy(source, newName);
        }

        @Override
        public void enqueue(TaskId id, String queueId) {
            tasks.enqueue(id, queueId);
        }

        @Override
        public boolean dequeue(TaskId id) {
            return tasks.dequeue(id);
        }

        @Override
        public Start started(TaskId id, String reason, String message) {
            return omitted.contains(Omission.START) ? Start.UNKNOWN : tasks.started(id, reason, message);
        }

        @Override
        public void completed(TaskId id, String reason, String message) {
            unless(Omission.END, () -> tasks.completed(id, reason, message));
        }

        @Override
        public void failed(TaskId id, String reason, String message) {
            unless(Omission.END, () -> tasks.failed(id, reason, message));
        }

        @Override
        public void stopped(TaskId id, String reason, String message) {
            unless(Omission.END, () -> tasks.stopped(id, reason, message));
        }

        @Override
        public void requestStop(TaskId id) {
            tasks.requestStop(id);
        }

        @Override
        public void ping(TaskId id) {
            unless(Omission.CONSOLE, () -> tasks.ping(id));
        }

        @Override
        public void recordCommit(TaskId id, String commit) {
            tasks.recordCommit(id, commit);
        }

        @Override
        public void recordContainer(TaskId id, Container container) {
            tasks.recordContainer(id, container);
        }

        @Override
        public void recordRequirements(TaskId id, Requirements requirements) {
            unless(Omission.REQUIREMENTS, () -> tasks.recordRequirements(id, requirements));
        }

        @Override
        public void recordRuntime(TaskId id, Map<String, String> facts) {
            tasks.recordRuntime(id, facts);
        }

        private void unless(Omission what, Runnable call) {
            if (!omitted.contains(what)) {
                call.run();
            }
        }
    }
}
