// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import java.util.Set;
import ml.clear.agent.embedded.store.EventWriter;
import ml.clear.agent.embedded.store.Json;
import ml.clear.agent.embedded.store.Refusal;
import ml.clear.agent.embedded.store.Session;
import ml.clear.agent.embedded.store.TaskDocuments;
import tools.jackson.databind.node.ObjectNode;

/** Deletes events, all of a task or model, or the console output of a task. */
final class EventDeletionEndpoints {

    private static final String ALLOW_LOCKED = "allow_locked";

    private final Stores stores;

    private EventDeletionEndpoints(Stores stores) {
        this.stores = stores;
    }

    static void register(Routes routes, Stores stores) {
        EventDeletionEndpoints events = new EventDeletionEndpoints(stores);
        routes.add("events.delete_for_task", events::ofTask)
                .add(new Endpoint("events.delete_for_model", ApiVersion.of(2, 22), Set.of(), events::ofModel))
                .add(new Endpoint("events.clear_task_log", ApiVersion.of(2, 19), Set.of(), events::log))
                .add(new Endpoint("events.clear_scroll", ApiVersion.of(2, 18), Set.of(), call -> {
                    // Scroll ids of events hold their place themselves.
                    call.required("scroll_id");
                    return Json.object();
                }));
    }

    private void requireUnlocked(Session session, Call call, String task) {
        boolean allowed = call.flag(ALLOW_LOCKED, false);
        TaskDocuments.Progress progress =
                stores.tasks().progress(session, task).orElseThrow(() -> Stores.unknownTask(task));
        if (TaskStatus.locked(progress.status()) && !allowed) {
            throw Refusal.bad(110, "Task is published: " + task);
        }
    }

    private ObjectNode ofTask(Call call) {
        String id = call.required("task");
        return stores.database().write(session -> {
            requireUnlocked(session, call, id);
            stores.events().deleteAll(session, id);
            return Json.object().put("deleted", true);
        });
    }

    private ObjectNode ofModel(Call call) {
        String id = call.required("model");
        boolean locked = call.flag(ALLOW_LOCKED, false);
        return stores.database().write(session -> {
            if (stores.model(session, id).path("ready").asBoolean(true) && !locked) {
                throw Refusal.bad(203, "Model is ready: id=" + id);
            }
            stores.events().deleteAll(session, id);
            return Json.object().put("deleted", true);
        });
    }

    /** In slices, so that other writes do not wait for a log of millions of lines. */
    private ObjectNode log(Call call) {
        String id = call.required("task");
        long seconds = call.whole("threshold_sec", 0);
        long before = seconds == 0 ? Long.MAX_VALUE : stores.clock().millis() - seconds * 1000;
        EventWriter events = stores.events();
        stores.database().read(session -> {
            requireUnlocked(session, call, id);
            return true;
        });
        long deleted = 0;
        int slice;
        do {
            slice = stores.database().write(session -> events.deleteLog(session, id, before));
            deleted += slice;
        } while (slice > 0);
        return Json.object().put("deleted", deleted);
    }
}
