// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import java.util.List;
import ml.clear.agent.embedded.store.Json;
import ml.clear.agent.embedded.store.Session;
import tools.jackson.databind.node.ObjectNode;

/** Tasks put into the archive and taken out of it. */
final class TaskArchiveEndpoints {

    private static final String ARCHIVED = "archived";

    private final Stores stores;

    private TaskArchiveEndpoints(Stores stores) {
        this.stores = stores;
    }

    static void register(Routes routes, Stores stores) {
        TaskArchiveEndpoints archive = new TaskArchiveEndpoints(stores);
        routes.add("tasks.archive", archive::archiveAll)
                .add("tasks.archive_many", ManyEndpoint.of("task", ARCHIVED, archive::archive))
                .add("tasks.unarchive_many", ManyEndpoint.of("task", "unarchived", archive::unarchive));
    }

    private ObjectNode archiveAll(Call call) {
        List<String> ids = call.requiredTexts("tasks");
        return stores.database().write(session -> {
            ids.forEach(id -> stores.task(session, id));
            ids.forEach(id -> archive(session, call, id));
            return Json.object().put(ARCHIVED, ids.size());
        });
    }

    private ObjectNode archive(Call call) {
        String id = call.required("task");
        return stores.database().write(session -> archive(session, call, id));
    }

    private ObjectNode archive(Session session, Call call, String id) {
        ObjectNode task = stores.task(session, id);
        PipelineSteps.included(stores, session, call, task).forEach(step -> archiveOne(session, call, step));
        return archiveOne(session, call, task);
    }

    private ObjectNode archiveOne(Session session, Call call, ObjectNode task) {
        stores.entries().removeElsewhere(session, "", task.path("id").stringValue());
        TaskStatus present = StatusChange.present(task);
        TaskStatus next = switch (present) {
            case QUEUED ->
                TaskStatus.of(task.path("enqueue_status").asString("")).orElse(TaskStatus.CREATED);
            case IN_PROGRESS -> TaskStatus.STOPPED;
            case CREATED, STOPPED, FAILED, COMPLETED, CLOSED, PUBLISHING, PUBLISHED -> present;
        };
        Changes changes = StatusChange.of(call, next).forced().apply(stores, task);
        changes.set("system_tags", Names.with(task.path("system_tags"), ARCHIVED));
        stores.tasks().save(session, task);
        return changes.answer();
    }

    private ObjectNode unarchive(Call call) {
        String id = call.required("task");
        return stores.database().write(session -> {
            ObjectNode task = stores.task(session, id);
            PipelineSteps.included(stores, session, call, task).forEach(step -> unarchiveOne(session, call, step));
            return unarchiveOne(session, call, task);
        });
    }

    private ObjectNode unarchiveOne(Session session, Call call, ObjectNode task) {
        Changes changes =
                StatusChange.of(call, StatusChange.present(task)).forced().apply(stores, task);
        changes.set("system_tags", Names.without(task.path("system_tags"), ARCHIVED));
        stores.tasks().save(session, task);
        return changes.answer();
    }
}
