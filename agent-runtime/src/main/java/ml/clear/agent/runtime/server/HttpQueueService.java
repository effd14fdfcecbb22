// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.server;

import java.util.Optional;
import java.util.function.Predicate;
import ml.clear.agent.api.task.TaskId;

/** The calls {@code queues.*}. */
final class HttpQueueService implements QueueService {

    private static final int NAME_TAKEN = 801;

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
    public Optional<TaskId> next(String queueId) {
        Json entry = connection
                .call(
                        "queues.get_next_task",
                        Json.object().with("queue", queueId).build(),
                        Repetition.WHEN_NOT_TAKEN)
                .at("entry");
        return entry.isPresent() ? Optional.of(TaskIds.parse(entry.at("task"))) : Optional.empty();
    }

    private Optional<String> search(Json.Builder query, Predicate<Json> wanted) {
        Json request = query.with("only_fields", Json.texts("id", "name")).build();
        return connection.call("queues.get_all", request, Repetition.FREELY).at("queues").items().stream()
                .filter(wanted)
                .map(queue -> queue.at("id").text())
                .findFirst();
    }
}
