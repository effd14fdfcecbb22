// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.worker;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.execution.TaskFacts;
import ml.clear.agent.api.secret.Secret;
import ml.clear.agent.api.task.Container;
import ml.clear.agent.api.task.Requirements;
import ml.clear.agent.api.task.Script;
import ml.clear.agent.api.task.Task;
import ml.clear.agent.api.task.TaskId;
import ml.clear.agent.api.task.TaskStatus;
import ml.clear.agent.runtime.server.ClearmlServer;
import ml.clear.agent.runtime.server.EventService;
import ml.clear.agent.runtime.server.LogEvent;
import ml.clear.agent.runtime.server.NewTask;
import ml.clear.agent.runtime.server.ProjectService;
import ml.clear.agent.runtime.server.QueueService;
import ml.clear.agent.runtime.server.ScalarEvent;
import ml.clear.agent.runtime.server.StatusReport;
import ml.clear.agent.runtime.server.TaskService;
import ml.clear.agent.runtime.server.TaskState;
import ml.clear.agent.runtime.server.WorkerService;

/** A fake server with queues and workers; notes every call. */
final class FakeServer implements ClearmlServer {

    final List<String> calls = new CopyOnWriteArrayList<>();
    final List<StatusReport> reports = new CopyOnWriteArrayList<>();
    final List<ScalarEvent> scalars = new CopyOnWriteArrayList<>();
    private final Map<String, Deque<TaskId>> waiting = new HashMap<>();
    private final Map<TaskId, TaskStatus> statuses = new HashMap<>();
    private final Set<String> deleted = new HashSet<>();
    private final Map<String, List<String>> tags = new HashMap<>();
    private final Map<String, String> ids = new HashMap<>();
    private boolean away;
    private boolean silent;
    private int beaten;

    synchronized void enqueue(String queue, TaskId... tasks) {
        for (TaskId task : tasks) {
            waiting(queue).add(task);
            statuses.put(task, TaskStatus.QUEUED);
        }
    }

    synchronized List<TaskId> in(String queue) {
        return List.copyOf(waiting(queue));
    }

    synchronized void set(TaskId task, TaskStatus status) {
        statuses.put(task, status);
    }

    synchronized void delete(String queue, boolean gone) {
        if (gone) {
            deleted.add(queue);
        } else {
            deleted.remove(queue);
        }
    }

    /** A queue of this name is made. */
    synchronized void make(String name, String id) {
        ids.put(name, id);
    }

    synchronized void away(boolean isAway) {
        away = isAway;
    }

    /** From now on the answers to takes are lost, or no longer. */
    synchronized void silent(boolean isSilent) {
        silent = isSilent;
    }

    /** How many times another worker is faster. */
    synchronized void beaten(int times) {
        beaten = times;
    }

    synchronized void tag(String queue, String... words) {
        tags.put(queue, List.of(words));
    }

    long count(String call) {
        return calls.stream().filter(call::equals).count();
    }

    private synchronized void called(String call) {
        calls.add(call);
        if (away) {
            throw new AgentException(ErrorCode.SERVER_UNAVAILABLE, "away");
        }
    }

    private Deque<TaskId> waiting(String queue) {
        return waiting.computeIfAbsent(queue, _ -> new ArrayDeque<>());
    }

    @Override
    public QueueService queues() {
        return new Queues();
    }

    @Override
    public WorkerService workers() {
        return new Workers();
    }

    @Override
    public TaskService tasks() {
        return new Tasks();
    }

    @Override
    public ProjectService projects() {
        return new ProjectService() {
            @Override
            public String findOrCreate(String name) {
                throw unexpected();
            }

            @Override
            public String name(String id) {
                return "project of " + id;
            }
        };
    }

    @Override
    public EventService events() {
        return new Events();
    }

    @Override
    public Secret token() {
        return Secret.of("token");
    }

    @Override
    public String resultsPage(Task task) {
        throw unexpected();
    }

    @Override
    public void close() {}

    private static IllegalStateException unexpected() {
        return new IllegalStateException("a daemon does not ask for this");
    }

    private final class Queues implements QueueService {

        @Override
        public Optional<TaskId> first(String queue) {
            called("first " + queue);
            synchronized (FakeServer.this) {
                known(queue);
                return Optional.ofNullable(waiting(queue).peek());
            }
        }

        @Override
        public boolean take(String queue, TaskId task) {
            called("take " + queue);
            synchronized (FakeServer.this) {
                known(queue);
                boolean taken = beaten == 0 && task.equals(waiting(queue).peek());
                beaten = Math.max(0, beaten - 1);
                if (taken) {
                    waiting(queue).remove();
                }
                if (silent) {
                    throw new AgentException(ErrorCode.SERVER_PROTOCOL, "no answer");
                }
                return taken;
            }
        }

        @Override
        public Map<String, List<String>> tags(List<String> queueIds) {
            synchronized (FakeServer.this) {
                return Map.copyOf(tags);
            }
        }

        @Override
        public void putBack(String queue, TaskId task, Place place) {
            called("put back " + queue + " " + place);
            synchronized (FakeServer.this) {
                known(queue);
                waiting(queue).remove(task);
                switch (place) {
                    case FRONT -> waiting(queue).addFirst(task);
                    case BACK -> waiting(queue).addLast(task);
                }
            }
        }

        private void known(String queue) {
            if (deleted.contains(queue)) {
                throw new AgentException(ErrorCode.NOT_FOUND, "no queue '" + queue + "'");
            }
        }

        @Override
        public Optional<String> find(String nameOrId) {
            called("find " + nameOrId);
            synchronized (FakeServer.this) {
                return Optional.ofNullable(ids.get(nameOrId));
            }
        }

        @Override
        public String create(String name) {
            throw unexpected();
        }

        @Override
        public Optional<String> findDefault() {
            throw unexpected();
        }

        @Override
        public Map<String, String> names(List<String> queueIds) {
            throw unexpected();
        }

        @Override
        public List<String> similar(String name) {
            throw unexpected();
        }
    }

    private final class Events implements EventService {

        @Override
        public void addLog(List<LogEvent> events) {
            throw unexpected();
        }

        @Override
        public boolean hasLog(TaskId task, long timestamp) {
            throw unexpected();
        }

        @Override
        public void addScalars(List<ScalarEvent> points) {
            called("scalars");
            scalars.addAll(points);
        }
    }

    private final class Workers implements WorkerService {

        @Override
        public void register(String worker, List<String> queueIds) {
            called("register " + worker + " " + queueIds);
        }

        @Override
        public void unregister(String worker, List<String> queueIds) {
            called("unregister " + worker + " " + queueIds);
        }

        @Override
        public void report(StatusReport report) {
            reports.add(report);
            called("report");
        }

        @Override
        public List<String> running(TaskId task, Duration within) {
            throw unexpected();
        }

        @Override
        public List<String> seen(Duration within) {
            throw unexpected();
        }

        @Override
        public String listing() {
            throw unexpected();
        }
    }

    private final class Tasks implements TaskService {

        @Override
        public Optional<String> artifact(TaskId id, String name) {
            return Optional.empty();
        }

        @Override
        public Task get(TaskId id) {
            throw unexpected();
        }

        @Override
        public TaskFacts facts(TaskId id) {
            called("get");
            return new TaskFacts(id, "name", "", "p1", "u1", List.of("tag"), Script.NONE, Container.NONE);
        }

        @Override
        public Optional<TaskState> state(TaskId id) {
            called("state");
            synchronized (FakeServer.this) {
                return Optional.ofNullable(statuses.get(id)).map(status -> new TaskState(status, ""));
            }
        }

        @Override
        public Map<String, String> runtime(TaskId id) {
            throw unexpected();
        }

        @Override
        public String document(TaskId id) {
            return "{}";
        }

        @Override
        public List<TaskId> findByName(String name) {
            throw unexpected();
        }

        @Override
        public TaskId create(NewTask task) {
            throw unexpected();
        }

        @Override
        public TaskId copy(TaskId source, String newName) {
            throw unexpected();
        }

        @Override
        public void enqueue(TaskId id, String queueId) {
            throw unexpected();
        }

        @Override
        public boolean dequeue(TaskId id) {
            throw unexpected();
        }

        @Override
        public Start started(TaskId id, String reason, String message) {
            calls.add("started " + reason);
            set(id, TaskStatus.IN_PROGRESS);
            return Start.CHANGED;
        }

        @Override
        public void completed(TaskId id, String reason, String message) {
            throw unexpected();
        }

        @Override
        public void failed(TaskId id, String reason, String message) {
            called("failed " + reason);
            set(id, TaskStatus.FAILED);
        }

        @Override
        public void stopped(TaskId id, String reason, String message) {
            throw unexpected();
        }

        @Override
        public void requestStop(TaskId id) {
            throw unexpected();
        }

        @Override
        public void ping(TaskId id) {
            throw unexpected();
        }

        @Override
        public void recordCommit(TaskId id, String commit) {
            throw unexpected();
        }

        @Override
        public void recordContainer(TaskId id, Container container) {
            throw unexpected();
        }

        @Override
        public void recordRequirements(TaskId id, Requirements requirements) {
            throw unexpected();
        }

        @Override
        public void recordRuntime(TaskId id, Map<String, String> facts) {
            throw unexpected();
        }
    }
}
