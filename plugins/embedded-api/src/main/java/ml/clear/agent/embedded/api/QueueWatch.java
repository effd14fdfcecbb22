// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import java.util.List;
import ml.clear.agent.embedded.store.Json;
import ml.clear.agent.embedded.store.Session;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The additional data of {@code queues.get_all_ex} about a queue: the names of its tasks, and its workers. */
final class QueueWatch {

    private final Stores stores;
    private final Workers workers;

    QueueWatch(Stores stores, Workers workers) {
        this.stores = stores;
        this.workers = workers;
    }

    /** Replace the ids of waiting tasks by objects. */
    void nameTasks(Session session, ObjectNode queue) {
        for (JsonNode entry : queue.path("entries")) {
            String id = entry.path("task").asString("");
            ((ObjectNode) entry).set("task", task(session, id));
        }
    }

    /** Add to each queue the living workers that serve it. */
    void addWorkers(Session session, ArrayNode queues, List<String> ids) {
        List<ObjectNode> alive = workers.alive(session);
        for (int i = 0; i < ids.size(); i++) {
            String id = ids.get(i);
            ArrayNode shown = ((ObjectNode) queues.get(i)).put("id", id).putArray("workers");
            alive.stream()
                    .filter(worker -> Names.contains(worker.path("queues"), id))
                    .forEach(worker -> addWorker(session, shown.addObject(), worker));
        }
    }

    private void addWorker(Session session, ObjectNode shown, ObjectNode worker) {
        shown.set("key", worker.path("key"));
        shown.set("name", worker.path("id"));
        shown.set("ip", worker.path("ip"));
        String task = worker.path("task").asString("");
        if (!task.isEmpty()) {
            shown.set("task", task(session, task));
        }
    }

    private ObjectNode task(Session session, String id) {
        ObjectNode shown = Json.object().put("id", id);
        stores.tasks().find(session, id).ifPresent(task -> {
            shown.set("name", task.path("name"));
            shown.set("status", task.path("status"));
        });
        return shown;
    }
}
