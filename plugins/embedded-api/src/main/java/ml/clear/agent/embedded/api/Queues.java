// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import ml.clear.agent.embedded.store.Json;
import ml.clear.agent.embedded.store.QueueEntries;
import ml.clear.agent.embedded.store.Refusal;
import ml.clear.agent.embedded.store.Session;
import ml.clear.agent.embedded.store.Subset;
import tools.jackson.databind.node.ObjectNode;

/** Operations on queues, shared by the endpoints of queues and tasks. */
final class Queues {

    private static final String DEFAULT = "default";

    private final Stores stores;

    Queues(Stores stores) {
        this.stores = stores;
    }

    /** A server that has no queue gets one that is the default. */
    void createDefault() {
        stores.database().write(session -> {
            List<ObjectNode> all = new ArrayList<>();
            stores.queues().each(session, Subset.ALL, all::add);
            if (all.isEmpty()) {
                ObjectNode queue = create(session, DEFAULT);
                queue.putArray("system_tags").add(DEFAULT);
                stores.queues().save(session, queue);
            }
            return all.size();
        });
    }

    ObjectNode byDefault(Session session) {
        List<ObjectNode> found = new ArrayList<>();
        stores.queues().each(session, Subset.ALL, queue -> {
            if (Names.contains(queue.path("system_tags"), DEFAULT)) {
                found.add(queue);
            }
        });
        if (found.size() > 1) {
            throw Refusal.bad(708, "More than one default queue");
        }
        return found.stream().findFirst().orElseThrow(() -> Refusal.bad(707, "No default queue"));
    }

    ObjectNode create(Session session, String given) {
        String name = Names.checked(given);
        requireUnique(session, name);
        String now = stores.now();
        ObjectNode queue = Json.object()
                .put("id", Stores.newId())
                .put("name", name)
                .put("company", Caller.COMPANY)
                .put("user", Caller.USER)
                .put("created", now)
                .put("last_update", now);
        queue.putArray("tags");
        queue.putArray("system_tags");
        stores.queues().insert(session, queue);
        return queue;
    }

    Optional<ObjectNode> byName(Session session, String name) {
        List<ObjectNode> found = new ArrayList<>();
        stores.queues().each(session, Subset.of("name", name), found::add);
        return found.stream().findFirst();
    }

    void requireUnique(Session session, String name) {
        if (byName(session, name).isPresent()) {
            throw Refusal.bad(801, "Expected unique data: name=" + name + ", company=" + Caller.COMPANY);
        }
    }

    /** Put a task at the end; 400/701 or 400/706. */
    void append(Session session, String queue, String task) {
        stores.queue(session, queue);
        if (!stores.entries().append(session, queue, task, stores.now())) {
            throw Refusal.bad(706, "Task is already queued: queue=" + queue + ", task=" + task);
        }
    }

    /** Give a task that left its queue the status that it had before. */
    void restore(Session session, ObjectNode task) {
        task.put("status", task.path("enqueue_status").asString("created"))
                .put("status_changed", stores.now())
                .remove("enqueue_status");
        stores.tasks().save(session, task);
    }

    /** Empty a queue; its tasks return to what they were before. Returns those that were changed. */
    List<String> clear(Session session, String queue) {
        List<String> removed = new ArrayList<>();
        for (QueueEntries.Entry entry : stores.entries().of(session, queue)) {
            stores.tasks().find(session, entry.task()).ifPresent(task -> {
                ObjectNode execution = Json.objectIn(task, "execution");
                if (execution.path("queue").asString("").equals(queue)) {
                    execution.remove("queue");
                    restore(session, task);
                    removed.add(entry.task());
                }
            });
        }
        stores.entries().clear(session, queue);
        return removed;
    }
}
