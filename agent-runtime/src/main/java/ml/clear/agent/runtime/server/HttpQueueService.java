// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.server;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import ml.clear.agent.api.task.TaskId;

/** The calls {@code queues.*}. */
final class HttpQueueService implements QueueService {

    /** What the server answers to a request that it understands and refuses. */
    private static final int REFUSED = 400;

    private static final int NAME_TAKEN = 801;
    private static final int ALREADY_QUEUED = 706;
    private static final int SUGGESTIONS = 10;

    private final ApiConnection connection;

    HttpQueueService(ApiConnection connection) {
        this.connection = connection;
    }

    @Override
    public Optional<String> find(String nameOrId) {
        Optional<String> byName = search(
                Json.object().with("name", NamePattern.exactly(nameOrId)),
                queue -> queue.at("name").text().equals(nameOrId));
        // an empty list of ids would mean all queues, so only what can be an id is asked for as one
        return byName.isPresent() || !TaskId.matches(nameOrId)
                ? byName
                : search(
                        Json.object().with("id", Json.texts(nameOrId)),
                        queue -> queue.at("id").text().equals(nameOrId));
    }

    @Override
    public String create(String name) {
        ApiRequest request =
                ApiRequest.of("queues.create", Json.object().with("name", name).build(), Repetition.FREELY);
        ApiConnection.Answer answer = connection.ask(request);
        if (answer.envelope().isRefusal(NAME_TAKEN)) {
            Optional<String> other = find(name.strip());
            if (other.isPresent()) {
                return other.get();
            }
        }
        return connection.accepted(request, answer).at("id").text();
    }

    @Override
    public Optional<TaskId> first(String queueId) {
        Json task = connection
                .call("queues.peek_task", Json.object().with("queue", queueId).build(), Repetition.NEVER)
                .at("task");
        return task.isPresent() ? Optional.of(TaskIds.parse(task)) : Optional.empty();
    }

    @Override
    public boolean take(String queueId, TaskId task) {
        Json request =
                Json.object().with("queue", queueId).with("task", task.value()).build();
        Json entry = connection
                .call("queues.get_next_task", request, Repetition.NEVER)
                .at("entry");
        return entry.isPresent() && TaskIds.parse(entry.at("task")).equals(task);
    }

    @Override
    public Map<String, List<String>> tags(List<String> queueIds) {
        Map<String, List<String>> tags = new LinkedHashMap<>();
        if (!queueIds.isEmpty()) {
            queues(Json.object().with("id", Json.texts(queueIds)), "id", "tags")
                    .forEach(queue -> tags.put(
                            queue.at("id").text(),
                            queue.at("tags").items().stream().map(Json::text).toList()));
        }
        return tags;
    }

    @Override
    public Optional<String> findDefault() {
        ApiRequest request = ApiRequest.of("queues.get_default", Json.object().build(), Repetition.FREELY);
        ApiConnection.Answer answer = connection.ask(request);
        if (answer.envelope().code() == REFUSED) {
            return find("default");
        }
        return Optional.of(connection.accepted(request, answer).at("id").text()).filter(id -> !id.isEmpty());
    }

    @Override
    public Map<String, String> names(List<String> queueIds) {
        if (queueIds.isEmpty()) {
            return Map.of(); // the server would answer with all queues
        }
        Map<String, String> names = new LinkedHashMap<>();
        queues(Json.object().with("id", Json.texts(queueIds)))
                .forEach(queue ->
                        names.put(queue.at("id").text(), queue.at("name").text()));
        names.keySet().retainAll(queueIds);
        return names;
    }

    @Override
    public List<String> similar(String name) {
        return queues(Json.object().with("name", NamePattern.containing(name))).stream()
                .map(queue -> queue.at("name").text())
                .limit(SUGGESTIONS)
                .toList();
    }

    @Override
    public void putBack(String queueId, TaskId task, Place place) {
        Json request =
                Json.object().with("queue", queueId).with("task", task.value()).build();
        ApiRequest add = ApiRequest.of("queues.add_task", request, Repetition.NEVER);
        ApiConnection.Answer answer = connection.ask(add);
        if (!answer.envelope().isRefusal(ALREADY_QUEUED)) {
            connection.accepted(add, answer);
        }
        if (place == Place.FRONT) {
            connection.call("queues.move_task_to_front", request, Repetition.NEVER);
        }
    }

    private Optional<String> search(Json.Builder query, Predicate<Json> wanted) {
        return queues(query).stream()
                .filter(wanted)
                .map(queue -> queue.at("id").text())
                .findFirst();
    }

    private List<Json> queues(Json.Builder query) {
        return queues(query, "id", "name");
    }

    private List<Json> queues(Json.Builder query, String... fields) {
        Json request = query.with("only_fields", Json.texts(fields)).build();
        return connection
                .call("queues.get_all", request, Repetition.FREELY)
                .at("queues")
                .items();
    }
}
