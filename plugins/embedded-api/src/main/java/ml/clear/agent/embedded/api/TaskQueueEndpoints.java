// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import java.util.Optional;
import ml.clear.agent.embedded.store.Json;
import ml.clear.agent.embedded.store.Refusal;
import ml.clear.agent.embedded.store.Session;
import tools.jackson.databind.node.ObjectNode;

/** Tasks into queues and out of them; each call is one transaction. */
final class TaskQueueEndpoints {

    private final Stores stores;
    private final Queues queues;
    private final Workers workers;

    private TaskQueueEndpoints(Stores stores, Queues queues, Workers workers) {
        this.stores = stores;
        this.queues = queues;
        this.workers = workers;
    }

    static void register(Routes routes, Stores stores, Queues queues, Workers workers) {
        TaskQueueEndpoints tasks = new TaskQueueEndpoints(stores, queues, workers);
        routes.add("tasks.enqueue", tasks::enqueue)
                .add("tasks.enqueue_many", ManyEndpoint.of("task", "queued", tasks::enqueue))
                .add("tasks.dequeue", tasks::dequeue)
                .add("tasks.dequeue_many", ManyEndpoint.of("task", "dequeued", tasks::dequeue));
    }

    private ObjectNode enqueue(Call call) {
        String id = call.required("task");
        Optional<String> byId = call.text("queue").filter(queue -> !queue.isEmpty());
        Optional<String> byName = call.text("queue_name").filter(name -> !name.isEmpty());
        boolean update = call.flag("update_execution_queue", true);
        boolean watched = call.flag("verify_watched_queue", false);
        StatusChange change = StatusChange.of(call, TaskStatus.QUEUED);
        if (byId.isPresent() && byName.isPresent()) {
            throw Refusal.invalid("either 'queue' or 'queue_name' is given, not both");
        }
        return stores.database().write(session -> {
            ObjectNode task = stores.task(session, id);
            String queue = byId.orElseGet(() -> named(session, byName));
            TaskStatus before = StatusChange.present(task);
            if (!update && before != TaskStatus.QUEUED) {
                throw Refusal.invalid("'update_execution_queue' can be false only for a task that is queued");
            }
            Changes changes = change.apply(stores, task);
            if (before != TaskStatus.QUEUED) {
                changes.set("enqueue_status", before.word());
            }
            queues.append(session, queue, id);
            if (update) {
                changes.setInside("execution", "queue", queue);
                stores.entries().removeElsewhere(session, queue, id);
            }
            stores.tasks().save(session, task);
            ObjectNode answer = changes.answer().put("queued", 1);
            if (watched) {
                answer.put("queue_watched", workers.watch(session, queue));
            }
            return answer;
        });
    }

    private String named(Session session, Optional<String> name) {
        ObjectNode queue = name.map(text -> queues.byName(session, text).orElseGet(() -> queues.create(session, text)))
                .orElseGet(() -> queues.byDefault(session));
        return queue.path("id").stringValue();
    }

    private ObjectNode dequeue(Call call) {
        String id = call.required("task");
        boolean everywhere = call.flag("remove_from_all_queues", false);
        Optional<TaskStatus> wanted = call.text("new_status")
                .map(word -> TaskStatus.of(word)
                        .orElseThrow(() -> Refusal.invalid("'" + word + "' is no status of a task")));
        return stores.database().write(session -> {
            Optional<ObjectNode> found = stores.tasks().find(session, id);
            if (found.isEmpty() || everywhere) {
                stores.entries().removeElsewhere(session, "", id);
            }
            ObjectNode nothing = Json.object().put("dequeued", 1).put("updated", 0);
            nothing.putObject("fields");
            if (found.isEmpty()) {
                return nothing;
            }
            ObjectNode task = found.get();
            stores.entries()
                    .remove(session, task.path("execution").path("queue").asString(""), id);
            TaskStatus present = StatusChange.present(task);
            if (present != TaskStatus.QUEUED && present != TaskStatus.IN_PROGRESS) {
                return nothing;
            }
            TaskStatus next = wanted.orElseGet(() ->
                    TaskStatus.of(task.path("enqueue_status").asString("")).orElse(TaskStatus.CREATED));
            Changes changes =
                    StatusChange.of(call, next).forced().apply(stores, task).clear("enqueue_status");
            stores.tasks().save(session, task);
            return changes.answer().put("dequeued", 1);
        });
    }
}
