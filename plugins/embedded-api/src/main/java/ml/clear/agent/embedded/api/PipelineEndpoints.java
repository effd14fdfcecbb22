// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import java.util.List;
import java.util.Optional;
import ml.clear.agent.embedded.store.Json;
import ml.clear.agent.embedded.store.Refusal;
import tools.jackson.databind.node.ObjectNode;

/** Pipelines started again. */
final class PipelineEndpoints {

    private final Stores stores;
    private final Queues queues;
    private final Workers workers;

    private PipelineEndpoints(Stores stores, Queues queues, Workers workers) {
        this.stores = stores;
        this.queues = queues;
        this.workers = workers;
    }

    static void register(Routes routes, Stores stores, Queues queues, Workers workers) {
        routes.add("pipelines.start_pipeline", new PipelineEndpoints(stores, queues, workers)::start);
    }

    /** Copy the controller with other arguments and enqueue the copy, in one transaction. */
    private ObjectNode start(Call call) {
        String id = call.required("task");
        Optional<String> given = call.text("queue").filter(queue -> !queue.isEmpty());
        List<ObjectNode> arguments = call.objects("args");
        arguments.forEach(argument -> {
            if (!argument.path("name").isString()) {
                throw Refusal.invalid("an argument needs a text 'name'");
            }
        });
        boolean watched = call.flag("verify_watched_queue", false);
        return stores.database().write(session -> {
            ObjectNode copy = new TaskCopy(stores, call.with(Json.object())).of(session, stores.task(session, id));
            ObjectNode section = Json.objectIn(Json.objectIn(copy, "hyperparams"), "Args");
            arguments.forEach(argument -> {
                String name = argument.path("name").stringValue();
                Json.objectIn(section, name)
                        .put("section", "Args")
                        .put("name", name)
                        .put("value", argument.path("value").asString(""));
            });
            String queue =
                    given.orElseGet(() -> queues.byDefault(session).path("id").stringValue());
            String task = copy.path("id").stringValue();
            new StatusChange(TaskStatus.QUEUED, "", "Starting pipeline", false)
                    .apply(stores, copy)
                    .set("enqueue_status", TaskStatus.CREATED.word())
                    .setInside("execution", "queue", queue);
            stores.tasks().insert(session, copy);
            queues.append(session, queue, task);
            ObjectNode answer = Json.object().put("pipeline", task).put("enqueued", true);
            if (watched) {
                answer.put("queue_watched", workers.watch(session, queue));
            }
            return answer;
        });
    }
}
