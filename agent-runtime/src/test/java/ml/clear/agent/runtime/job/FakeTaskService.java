// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.job;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.execution.TaskFacts;
import ml.clear.agent.api.task.Container;
import ml.clear.agent.api.task.Requirements;
import ml.clear.agent.api.task.Script;
import ml.clear.agent.api.task.Task;
import ml.clear.agent.api.task.TaskId;
import ml.clear.agent.api.task.TaskStatus;
import ml.clear.agent.runtime.server.NewTask;
import ml.clear.agent.runtime.server.TaskService;
import ml.clear.agent.runtime.server.TaskState;
import org.jspecify.annotations.Nullable;

/** A fake: answers polls with what the test says, and notes the calls that change something. */
final class FakeTaskService implements TaskService {

    final Map<String, String> artifacts = new HashMap<>();

    final List<String> calls = new CopyOnWriteArrayList<>();
    private volatile @Nullable Task task;
    private volatile @Nullable ErrorCode getFailure;
    private volatile Supplier<Map<String, String>> runtime = Map::of;
    private volatile Supplier<Optional<TaskState>> state = () -> Optional.of(new TaskState(TaskStatus.IN_PROGRESS, ""));

    private volatile Start start = Start.CHANGED;

    /** A task of which only the status matters. */
    static Task task(TaskId id, TaskStatus status) {
        return new Task(
                id,
                "name",
                "",
                status,
                "",
                new Script("", "", "", "", "", "", "", "", Requirements.NONE),
                Container.NONE,
                Map.of(),
                Map.of());
    }

    /** Why no task can be read. */
    void failGetsWith(ErrorCode code) {
        getFailure = code;
    }

    void answerStartedWith(Start answer) {
        start = answer;
    }

    private volatile Supplier<@Nullable ErrorCode> failure = () -> null;

    void answerPollsWith(Supplier<Optional<TaskState>> answer) {
        state = answer;
    }

    /** The reason why the next change of a status fails; null when it does not. */
    void failChangesWith(Supplier<@Nullable ErrorCode> reason) {
        failure = reason;
    }

    private void change(String call) {
        ErrorCode code = failure.get();
        if (code != null) {
            throw new AgentException(code, "as the test says");
        }
        calls.add(call);
    }

    @Override
    public Optional<TaskState> state(TaskId id) {
        return state.get();
    }

    @Override
    public void completed(TaskId id, String reason, String message) {
        change("completed: " + reason);
    }

    @Override
    public void failed(TaskId id, String reason, String message) {
        change("failed: " + reason);
    }

    @Override
    public void stopped(TaskId id, String reason, String message) {
        change("stopped: " + reason);
    }

    @Override
    public Start started(TaskId id, String reason, String message) {
        calls.add("started: " + reason);
        return start;
    }

    @Override
    public void ping(TaskId id) {
        calls.add("ping");
    }

    @Override
    public boolean dequeue(TaskId id) {
        calls.add("dequeue");
        return true;
    }

    @Override
    public void recordCommit(TaskId id, String commit) {
        calls.add("commit: " + commit);
    }

    @Override
    public void recordContainer(TaskId id, Container container) {
        calls.add("container: " + container.image());
    }

    @Override
    public void recordRequirements(TaskId id, Requirements requirements) {
        calls.add("requirements: " + requirements.pip());
    }

    @Override
    public void recordRuntime(TaskId id, Map<String, String> facts) {
        calls.add("runtime: " + facts);
    }

    @Override
    public void requestStop(TaskId id) {
        calls.add("stop");
    }

    @Override
    public void enqueue(TaskId id, String queueId) {
        calls.add("enqueue: " + queueId);
    }

    @Override
    public String document(TaskId id) {
        return "{}";
    }

    @Override
    public List<TaskId> findByName(String name) {
        return new ArrayList<>();
    }

    void answerWith(Task answer) {
        task = answer;
    }

    @Override
    public TaskFacts facts(TaskId id) {
        throw new AssertionError("an execute process does not ask for this");
    }

    @Override
    public Task get(TaskId id) {
        ErrorCode code = getFailure;
        if (code != null) {
            throw new AgentException(code, "as the test says");
        }
        return Objects.requireNonNull(task, "this test has no task");
    }

    @Override
    public Optional<String> artifact(TaskId id, String name) {
        return Optional.ofNullable(artifacts.get(name));
    }

    void answerRuntimeWith(Supplier<Map<String, String>> answer) {
        runtime = answer;
    }

    @Override
    public Map<String, String> runtime(TaskId id) {
        return runtime.get();
    }

    @Override
    public TaskId create(NewTask task) {
        throw new IllegalStateException("not asked for in these tests");
    }

    @Override
    public TaskId copy(TaskId source, String newName) {
        throw new IllegalStateException("not asked for in these tests");
    }
}
