// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.server;

import static ml.clear.agent.runtime.server.Repetition.FREELY;
import static ml.clear.agent.runtime.server.Repetition.NEVER;
import static ml.clear.agent.runtime.server.Repetition.WHEN_NOT_TAKEN;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.execution.TaskFacts;
import ml.clear.agent.api.task.Container;
import ml.clear.agent.api.task.Requirements;
import ml.clear.agent.api.task.Task;
import ml.clear.agent.api.task.TaskId;
import ml.clear.agent.api.task.TaskStatus;

/** The calls {@code tasks.*}. */
final class HttpTaskService implements TaskService {

    private static final int TASK_ALREADY_QUEUED = 706;

    private final ApiConnection connection;
    private final ApiConnection polls;

    /**
     * Tasks over two connections.
     *
     * @param polls a separate connection for {@link #state}, which a hanging upload on the other one cannot block
     */
    HttpTaskService(ApiConnection connection, ApiConnection polls) {
        this.connection = connection;
        this.polls = polls;
    }

    @Override
    public Task get(TaskId id) {
        return TaskDocuments.task(id, whole(id));
    }

    @Override
    public String document(TaskId id) {
        return JsonFormat.write(whole(id));
    }

    @Override
    public TaskFacts facts(TaskId id) {
        return TaskDocuments.facts(id, whole(id));
    }

    private Json whole(TaskId id) {
        Json task =
                connection.call("tasks.get_by_id", about(id).build(), FREELY).at("task");
        if (!task.isPresent()) {
            throw new AgentException(ErrorCode.SERVER_PROTOCOL, "the server answers without task '" + id + "'");
        }
        return task;
    }

    @Override
    public Optional<String> artifact(TaskId id, String name) {
        Json artifacts = connection
                .call("tasks.get_by_id", about(id).build(), FREELY)
                .at("task")
                .at("execution")
                .at("artifacts");
        return artifacts instanceof Json.Items(List<Json> items)
                ? items.stream()
                        .filter(artifact -> artifact.at("key").text().equals(name))
                        .map(artifact -> artifact.at("uri").text())
                        .filter(address -> !address.isEmpty())
                        .findFirst()
                : Optional.empty();
    }

    @Override
    public List<TaskId> findByName(String name) {
        // only this form of search disregards case
        Json search = Json.object()
                .with("fields", Json.texts("name"))
                .with("pattern", NamePattern.exactly(name))
                .build();
        Json query = Json.object()
                .with("_any_", search)
                .with("search_hidden", true)
                .with("only_fields", Json.texts("id", "name"))
                .with("page", 0)
                .with("page_size", 500)
                .build();
        return connection.call("tasks.get_all", query, FREELY).at("tasks").items().stream()
                .filter(task -> task.at("name").text().equalsIgnoreCase(name))
                .map(task -> TaskIds.parse(task.at("id")))
                .toList();
    }

    @Override
    public Optional<TaskState> state(TaskId id) {
        ApiRequest request = ApiRequest.of("tasks.get_all", only(id, "status", "status_message"), NEVER);
        return polls.call(request).at("tasks").items().stream()
                .findFirst()
                .map(task -> new TaskState(
                        TaskStatus.of(task.at("status").text()),
                        task.at("status_message").text()));
    }

    @Override
    public Map<String, String> runtime(TaskId id) {
        ApiRequest request = ApiRequest.of("tasks.get_all", only(id, "runtime"), NEVER);
        return polls.call(request).at("tasks").items().stream()
                .findFirst()
                .map(task -> TaskDocuments.texts(task.at("runtime")))
                .orElse(Map.of());
    }

    @Override
    public TaskId create(NewTask task) {
        return TaskIds.parse(connection
                .call("tasks.create", TaskDocuments.creation(task), WHEN_NOT_TAKEN)
                .at("id"));
    }

    @Override
    public TaskId copy(TaskId source, String newName) {
        Json request = about(source).with("new_task_name", newName).build();
        return TaskIds.parse(
                connection.call("tasks.clone", request, WHEN_NOT_TAKEN).at("id"));
    }

    @Override
    public void enqueue(TaskId id, String queueId) {
        ApiRequest request =
                ApiRequest.of("tasks.enqueue", about(id).with("queue", queueId).build(), FREELY);
        ApiConnection.Answer answer = connection.ask(request);
        if (answer.repeated() && answer.envelope().isRefusal(TASK_ALREADY_QUEUED)) {
            return; // the try whose answer was lost had put it there
        }
        connection.accepted(request, answer);
    }

    @Override
    public boolean dequeue(TaskId id) {
        Json request =
                about(id).with("new_status", TaskStatus.IN_PROGRESS.wireName()).build();
        return connection.call("tasks.dequeue", request, FREELY).at("updated").number(0) > 0;
    }

    @Override
    public Start started(TaskId id, String reason, String message) {
        ApiRequest request = ApiRequest.of("tasks.started", change(id, true, reason, message), FREELY);
        ApiConnection.Answer answer = connection.ask(request);
        Json fields = connection.accepted(request, answer).at("fields");
        if (answer.repeated() || fields.members().isEmpty()) {
            return Start.UNKNOWN;
        }
        // The time of the start is among the changed fields when the task was not in progress before.
        return fields.at("started").isPresent() ? Start.CHANGED : Start.UNCHANGED;
    }

    @Override
    public void completed(TaskId id, String reason, String message) {
        change("tasks.completed", id, false, WHEN_NOT_TAKEN, reason, message);
    }

    @Override
    public void failed(TaskId id, String reason, String message) {
        change("tasks.failed", id, false, WHEN_NOT_TAKEN, reason, message);
    }

    @Override
    public void stopped(TaskId id, String reason, String message) {
        change("tasks.stopped", id, false, WHEN_NOT_TAKEN, reason, message);
    }

    @Override
    public void requestStop(TaskId id) {
        connection.call("tasks.stop", about(id).build(), FREELY);
    }

    @Override
    public void ping(TaskId id) {
        connection.call("tasks.ping", about(id).build(), FREELY);
    }

    @Override
    public void recordCommit(TaskId id, String commit) {
        Json script = Json.object().with("version_num", commit).build();
        edit(id, "script", script);
    }

    @Override
    public void recordContainer(TaskId id, Container container) {
        edit(id, "container", TaskDocuments.container(container));
    }

    @Override
    public void recordRequirements(TaskId id, Requirements requirements) {
        Json stored = read(id, "script.requirements").at("script").at("requirements");
        Json request = about(id)
                .with("requirements", RecordedRequirements.of(stored, requirements))
                .build();
        connection.call("tasks.set_requirements", request, FREELY);
    }

    @Override
    public void recordRuntime(TaskId id, Map<String, String> facts) {
        // the server replaces the whole section
        Json.Builder runtime = Json.object().withAll(read(id, "runtime").at("runtime"));
        facts.forEach(runtime::with);
        edit(id, "runtime", runtime.build());
    }

    private void change(
            String endpoint, TaskId id, boolean force, Repetition repetition, String reason, String message) {
        connection.call(endpoint, change(id, force, reason, message), repetition);
    }

    private static Json change(TaskId id, boolean force, String reason, String message) {
        return about(id)
                .with("force", force)
                .with("status_reason", reason)
                .with("status_message", message)
                .build();
    }

    private void edit(TaskId id, String member, Json value) {
        connection.call(
                "tasks.edit", about(id).with("force", true).with(member, value).build(), FREELY);
    }

    private Json read(TaskId id, String field) {
        return connection.call("tasks.get_all", only(id, field), FREELY).at("tasks").items().stream()
                .findFirst()
                .orElseThrow(() -> new AgentException(
                        ErrorCode.NOT_FOUND,
                        "the server has no task '" + id + "' any more; it may have been deleted while it ran"));
    }

    private static Json.Builder about(TaskId id) {
        return Json.object().with("task", id.value());
    }

    private static Json only(TaskId id, String... fields) {
        return Json.object()
                .with("id", Json.texts(id.value()))
                .with("search_hidden", true)
                .with("only_fields", Json.texts(fields))
                .build();
    }
}
