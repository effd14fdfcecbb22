// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import ml.clear.agent.embedded.store.Condition;
import ml.clear.agent.embedded.store.Json;
import ml.clear.agent.embedded.store.Kind;
import ml.clear.agent.embedded.store.Query;
import ml.clear.agent.embedded.store.QueueEntries;
import ml.clear.agent.embedded.store.QueueHistory;
import ml.clear.agent.embedded.store.Refusal;
import ml.clear.agent.embedded.store.Session;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Queues and their entries. */
final class QueueEndpoints {

    private final Stores stores;
    private final Queues queues;
    private final Workers workers;
    private final Lists lists;

    private QueueEndpoints(Stores stores, Queues queues, Workers workers, Lists lists) {
        this.stores = stores;
        this.queues = queues;
        this.workers = workers;
        this.lists = lists;
    }

    static void register(Routes routes, Stores stores, Queues queues, Workers workers, Lists lists) {
        QueueEndpoints endpoints = new QueueEndpoints(stores, queues, workers, lists);
        routes.add("queues.get_next_task", endpoints::next);
        since24(routes, "queues.get_all", call -> endpoints.find(call, false));
        since24(routes, "queues.get_all_ex", call -> endpoints.find(call, true));
        since24(routes, "queues.get_by_id", endpoints::byId);
        since24(routes, "queues.get_default", endpoints::byDefault);
        since24(routes, "queues.create", endpoints::create);
        since24(routes, "queues.update", endpoints::update);
        since24(routes, "queues.delete", endpoints::delete);
        since24(routes, "queues.add_task", endpoints::addTask);
        since24(routes, "queues.remove_task", endpoints::removeTask);
        since24(routes, "queues.get_num_entries", endpoints::count);
        since24(routes, "queues.peek_task", endpoints::peek);
        since24(routes, "queues.clear_queue", endpoints::clear);
        since24(routes, "queues.move_task_to_front", endpoints.move((call, from, last) -> 0));
        since24(routes, "queues.move_task_to_back", endpoints.move((call, from, last) -> last));
        routes.add(new Endpoint(
                        "queues.add_or_update_metadata", ApiVersion.of(2, 13), Set.of(), endpoints::addMetadata))
                .add(new Endpoint("queues.delete_metadata", ApiVersion.of(2, 13), Set.of(), endpoints::deleteMetadata));
        since24(
                routes,
                "queues.move_task_forward",
                endpoints.move((call, from, last) -> from - call.whole("count", 1)));
        since24(
                routes,
                "queues.move_task_backward",
                endpoints.move((call, from, last) -> from + call.whole("count", 1)));
    }

    private static void since24(Routes routes, String name, Endpoint.Handler handler) {
        routes.add(new Endpoint(name, ApiVersion.of(2, 4), Set.of(), handler));
    }

    private ObjectNode find(Call call, boolean extended) {
        Query query = Query.of(Kind.QUEUE, call.arguments());
        ObjectNode answer = Json.object();
        stores.database().read(session -> {
            long most = call.whole("max_task_entries", Integer.MAX_VALUE);
            List<ObjectNode> found = lists.find(session, query, stores.queues(), Condition.ALL, call, answer);
            boolean entries = query.projection().wants("entries");
            if (entries) {
                found.forEach(queue -> addEntries(session, queue, most));
            }
            QueueWatch watch = new QueueWatch(stores, workers);
            if (extended && entries) {
                found.forEach(queue -> watch.nameTasks(session, queue));
            }
            found.forEach(queue -> shown(call, queue));
            List<String> ids =
                    found.stream().map(queue -> queue.path("id").stringValue()).toList();
            ArrayNode projected = query.project(found);
            if (extended) {
                watch.addWorkers(session, projected, ids);
            }
            return answer.set("queues", projected);
        });
        return answer;
    }

    private ObjectNode byId(Call call) {
        String id = call.required("queue");
        long most = call.whole("max_task_entries", Integer.MAX_VALUE);
        ObjectNode answer = Json.object();
        stores.database()
                .read(session ->
                        answer.set("queue", shown(call, addEntries(session, stores.queue(session, id), most))));
        return answer;
    }

    /** Older clients expect a list and refuse the object. */
    private static ObjectNode shown(Call call, ObjectNode queue) {
        if (queue.has("metadata") && call.version().compareTo(ApiVersion.of(2, 16)) <= 0) {
            queue.putArray("metadata");
        }
        return queue;
    }

    private ObjectNode addEntries(Session session, ObjectNode queue, long most) {
        ArrayNode list = queue.putArray("entries");
        stores.entries().of(session, queue.path("id").stringValue()).stream()
                .limit(Math.max(0, most))
                .forEach(entry -> list.add(entry.json()));
        return queue;
    }

    private ObjectNode byDefault(Call call) {
        ObjectNode queue = stores.database().read(queues::byDefault);
        return Json.object()
                .put("id", queue.path("id").stringValue())
                .put("name", queue.path("name").stringValue());
    }

    private ObjectNode create(Call call) {
        String name = call.required("name");
        return stores.database().write(session -> {
            ObjectNode queue = queues.create(session, name);
            describe(call, new Changes(queue));
            stores.queues().save(session, queue);
            return Json.object().put("id", queue.path("id").stringValue());
        });
    }

    private ObjectNode update(Call call) {
        String id = call.required("queue");
        return stores.database().write(session -> {
            Changes changes = new Changes(stores.queue(session, id));
            call.text("name").ifPresent(given -> {
                String name = Names.checked(given);
                if (!name.equals(changes.document().path("name").stringValue())) {
                    queues.requireUnique(session, name);
                }
                changes.set("name", name);
            });
            describe(call, changes);
            if (!changes.isEmpty()) {
                changes.set("last_update", stores.now());
                stores.queues().save(session, changes.document());
            }
            return changes.answer();
        });
    }

    private static void describe(Call call, Changes changes) {
        call.text("display_name").ifPresent(name -> changes.set("display_name", name));
        call.object("metadata").ifPresent(metadata -> changes.set("metadata", metadata));
        for (String member : List.of("tags", "system_tags")) {
            if (call.has(member)) {
                changes.set(member, Names.tags(call.arguments().path(member)));
            }
        }
    }

    private ObjectNode addMetadata(Call call) {
        String id = call.required("queue");
        return changeMetadata(id, queue -> Metadata.add(call, queue));
    }

    private ObjectNode deleteMetadata(Call call) {
        String id = call.required("queue");
        return changeMetadata(id, queue -> Metadata.delete(call, queue));
    }

    private ObjectNode changeMetadata(String id, Consumer<ObjectNode> change) {
        return stores.database().write(session -> {
            ObjectNode queue = stores.queue(session, id);
            change.accept(queue);
            stores.queues().save(session, queue.put("last_update", stores.now()));
            return Json.object().put("updated", 1);
        });
    }

    private ObjectNode delete(Call call) {
        String id = call.required("queue");
        boolean force = call.force();
        return stores.database().write(session -> {
            stores.queue(session, id);
            if (!force && stores.entries().count(session, id) > 0) {
                throw Refusal.bad(702, "Queue is not empty: id=" + id);
            }
            queues.clear(session, id);
            stores.queues().delete(session, id);
            new QueueHistory().delete(session, id);
            return Json.object().put("deleted", 1);
        });
    }

    private ObjectNode next(Call call) {
        String id = call.required("queue");
        boolean withInfo = call.flag("get_task_info", false);
        Optional<String> expected = call.text("task");
        return stores.database().write(session -> {
            stores.queue(session, id);
            Optional<QueueEntries.Entry> first = stores.entries().first(session, id);
            if (first.isEmpty()
                    || expected.filter(task -> !task.equals(first.get().task())).isPresent()) {
                return Json.object();
            }
            QueueEntries.Entry entry = first.get();
            stores.entries().remove(session, id, entry.task());
            ObjectNode answer = Json.object();
            answer.set("entry", entry.json());
            stores.tasks().find(session, entry.task()).ifPresent(task -> {
                if (task.path("status").asString("").equals("stopped")) {
                    task.put("status", "queued").put("status_changed", stores.now());
                    stores.tasks().save(session, task);
                }
                if (withInfo) {
                    ObjectNode info = answer.putObject("task_info");
                    info.set("company", task.path("company"));
                    info.set("user", task.path("user"));
                }
            });
            return answer;
        });
    }

    private ObjectNode addTask(Call call) {
        String id = call.required("queue");
        String task = call.required("task");
        boolean update = call.flag("update_execution_queue", true);
        return stores.database().write(session -> {
            queues.append(session, id, task);
            if (update) {
                stores.tasks().find(session, task).ifPresent(found -> {
                    Json.objectIn(found, "execution").put("queue", id);
                    stores.tasks().save(session, found);
                });
            }
            return Json.object().put("added", 1);
        });
    }

    private ObjectNode removeTask(Call call) {
        String id = call.required("queue");
        String task = call.required("task");
        boolean restore = call.flag("update_task_status", false);
        return stores.database().write(session -> {
            if (!stores.entries().remove(session, id, task)) {
                throw notThere(id, task);
            }
            if (restore) {
                stores.tasks().find(session, task).ifPresent(found -> queues.restore(session, found));
            }
            return Json.object().put("removed", 1);
        });
    }

    private ObjectNode count(Call call) {
        String id = call.required("queue");
        return stores.database().read(session -> {
            stores.queue(session, id);
            return Json.object().put("num", stores.entries().count(session, id));
        });
    }

    private ObjectNode peek(Call call) {
        String id = call.required("queue");
        return stores.database().read(session -> {
            stores.queue(session, id);
            ObjectNode answer = Json.object();
            stores.entries()
                    .first(session, id)
                    .ifPresentOrElse(entry -> answer.put("task", entry.task()), () -> answer.putNull("task"));
            return answer;
        });
    }

    private ObjectNode clear(Call call) {
        String id = call.required("queue");
        return stores.database().write(session -> {
            stores.queue(session, id);
            ObjectNode answer = Json.object();
            answer.set("removed_tasks", Names.list(queues.clear(session, id)));
            return answer;
        });
    }

    private interface Move {
        long to(Call call, int from, int last);
    }

    private Endpoint.Handler move(Move move) {
        return call -> {
            String id = call.required("queue");
            String task = call.required("task");
            return stores.database()
                    .write(session -> stores.entries()
                            .move(session, id, task, (from, last) -> move.to(call, from, last))
                            .map(position -> Json.object().put("position", position))
                            .orElseThrow(() -> notThere(id, task)));
        };
    }

    private static Refusal notThere(String queue, String task) {
        return Refusal.bad(703, "Invalid queue id or task not in queue: queue=" + queue + ", task=" + task);
    }
}
