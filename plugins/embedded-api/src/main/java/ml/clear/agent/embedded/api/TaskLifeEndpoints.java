// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import java.util.ArrayList;
import java.util.List;
import ml.clear.agent.embedded.store.Json;
import ml.clear.agent.embedded.store.Narrowing;
import ml.clear.agent.embedded.store.Refusal;
import ml.clear.agent.embedded.store.Session;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Tasks reset, copied, deleted and archived. */
final class TaskLifeEndpoints {

    private static final String DELETED = "__DELETED__";

    private final Stores stores;
    private final ProjectTree tree;

    private TaskLifeEndpoints(Stores stores, ProjectTree tree) {
        this.stores = stores;
        this.tree = tree;
    }

    static void register(Routes routes, Stores stores, ProjectTree tree) {
        TaskLifeEndpoints life = new TaskLifeEndpoints(stores, tree);
        routes.add("tasks.reset", life::reset)
                .add("tasks.reset_many", Many.of("task", "reset", life::reset))
                .add("tasks.clone", life::copy)
                .add("tasks.delete", life::delete)
                .add("tasks.delete_many", Many.of("task", "deleted", life::delete))
                .add("tasks.archive", life::archiveAll)
                .add("tasks.archive_many", Many.of("task", "archived", life::archive))
                .add("tasks.unarchive_many", Many.of("task", "unarchived", life::unarchive));
    }

    private ObjectNode reset(Call call) {
        String id = call.required("task");
        boolean clearAll = call.flag("clear_all", false);
        return stores.database().write(session -> {
            ObjectNode task = stores.task(session, id);
            TaskStatus present = StatusChange.present(task);
            if (!call.force() && (present == TaskStatus.PUBLISHED || present == TaskStatus.PUBLISHING)) {
                throw StatusChange.refusal(task, "it is " + present.word() + " and cannot be reset without force");
            }
            FileUrls urls = new FileUrls(call, session, task);
            int models = deleteDrafts(session, task, urls);
            Changes changes = new StatusChange(TaskStatus.CREATED, "reset", "reset", true).apply(stores, task);
            clear(changes, clearAll);
            boolean queued = stores.entries().removeElsewhere(session, "", id) > 0;
            stores.events().deleteAll(session, id);
            stores.tasks().save(session, task);
            ObjectNode answer = changes.answer();
            ObjectNode dequeued = answer.putObject("dequeued");
            if (queued) {
                dequeued.put("removed", 1);
            }
            answer.put("deleted_models", models).putObject("events");
            urls.addTo(answer);
            return answer;
        });
    }

    private static void clear(Changes changes, boolean all) {
        ObjectNode task = changes.document();
        for (String member : List.of(
                "last_worker",
                "last_worker_report",
                "started",
                "completed",
                "published",
                "active_duration",
                "enqueue_status")) {
            changes.remove(member);
        }
        changes.set("last_iteration", Json.array().add(0).get(0)).set("runtime", Json.object());
        Json.objectIn(task, "models").putArray("output");
        ObjectNode output = Json.objectIn(task, "output");
        output.remove("result");
        output.remove("error");
        ObjectNode execution = Json.objectIn(task, "execution");
        execution.remove("queue");
        execution.set("artifacts", inputArtifacts(execution.path("artifacts")));
        if (all) {
            execution.removeAll();
            execution.putArray("artifacts");
            changes.set("script", TaskShape.newScript());
        }
    }

    private static ArrayNode inputArtifacts(JsonNode artifacts) {
        ArrayNode inputs = Json.array();
        artifacts.forEach(artifact -> {
            if (!artifact.path("mode").asString("output").equals("output")) {
                inputs.add(artifact);
            }
        });
        return inputs;
    }

    /** Models that a task made, that are not ready, and that no other task uses. */
    private int deleteDrafts(Session session, ObjectNode task, FileUrls urls) {
        String id = task.path("id").stringValue();
        int deleted = 0;
        List<ObjectNode> models = new ArrayList<>();
        stores.models().each(session, Narrowing.of("task", id), models::add);
        for (ObjectNode model : models) {
            String modelId = model.path("id").stringValue();
            if (!model.path("ready").asBoolean(true) && !usedByOthers(session, modelId, id)) {
                urls.addModel(model);
                stores.models().delete(session, modelId);
                deleted++;
            }
        }
        return deleted;
    }

    private boolean usedByOthers(Session session, String model, String task) {
        return session.number("SELECT count(*) FROM task WHERE id <> ? AND instr(doc, ?) > 0", task, model) > 0;
    }

    private ObjectNode copy(Call call) {
        String id = call.required("task");
        return stores.database().write(session -> {
            ObjectNode source = stores.task(session, id);
            ObjectNode copy = new TaskCopy(stores, call).of(session, source);
            ObjectNode answer = Json.object();
            call.text("new_project_name").ifPresent(name -> {
                ObjectNode project = tree.findOrCreate(session, name);
                copy.set("project", project.path("id"));
                ObjectNode shown = answer.putObject("new_project");
                shown.set("id", project.path("id"));
                shown.set("name", project.path("name"));
            });
            stores.tasks().insert(session, copy);
            return answer.put("id", copy.path("id").stringValue());
        });
    }

    private ObjectNode delete(Call call) {
        String id = call.required("task");
        return stores.database().write(session -> {
            ObjectNode task = stores.task(session, id);
            TaskStatus present = StatusChange.present(task);
            if (!call.force()
                    && present != TaskStatus.CREATED
                    && !Names.contains(task.path("system_tags"), "archived")) {
                throw Refusal.bad(
                        123, "Task cannot be deleted (it is " + present.word() + " and not archived): id=" + id);
            }
            stores.entries().removeElsewhere(session, "", id);
            FileUrls urls = new FileUrls(call, session, task);
            stores.events().deleteAll(session, id);
            int models = call.flag("delete_output_models", true) ? deleteDrafts(session, task, urls) : 0;
            List<ObjectNode> children = new ArrayList<>();
            stores.tasks().each(session, Narrowing.of("parent", id), children::add);
            children.forEach(child -> stores.tasks().save(session, child.put("parent", DELETED + id)));
            List<ObjectNode> left = new ArrayList<>();
            stores.models().each(session, Narrowing.of("task", id), left::add);
            left.forEach(model -> stores.models().save(session, model.put("task", DELETED + id)));
            stores.tasks().delete(session, id);
            ObjectNode answer = Json.object()
                    .put("deleted", true)
                    .put("updated_children", children.size())
                    .put("updated_models", left.size())
                    .put("deleted_models", models);
            urls.addTo(answer);
            return answer;
        });
    }

    private ObjectNode archiveAll(Call call) {
        List<String> ids = call.requiredTexts("tasks");
        return stores.database().write(session -> {
            ids.forEach(id -> stores.task(session, id));
            ids.forEach(id -> archive(session, call, id));
            return Json.object().put("archived", ids.size());
        });
    }

    private ObjectNode archive(Call call) {
        String id = call.required("task");
        return stores.database().write(session -> archive(session, call, id));
    }

    private ObjectNode archive(Session session, Call call, String id) {
        ObjectNode task = stores.task(session, id);
        stores.entries().removeElsewhere(session, "", id);
        TaskStatus present = StatusChange.present(task);
        TaskStatus next = switch (present) {
            case QUEUED ->
                TaskStatus.of(task.path("enqueue_status").asString("")).orElse(TaskStatus.CREATED);
            case IN_PROGRESS -> TaskStatus.STOPPED;
            case CREATED, STOPPED, FAILED, COMPLETED, CLOSED, PUBLISHING, PUBLISHED -> present;
        };
        Changes changes = StatusChange.of(call, next).forced().apply(stores, task);
        changes.set("system_tags", Names.with(task.path("system_tags"), "archived"));
        stores.tasks().save(session, task);
        return changes.answer();
    }

    private ObjectNode unarchive(Call call) {
        String id = call.required("task");
        return stores.database().write(session -> {
            ObjectNode task = stores.task(session, id);
            TaskStatus present = StatusChange.present(task);
            Changes changes = StatusChange.of(call, present).forced().apply(stores, task);
            changes.set("system_tags", Names.without(task.path("system_tags"), "archived"));
            stores.tasks().save(session, task);
            return changes.answer();
        });
    }
}
