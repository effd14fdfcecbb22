// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import java.util.List;
import ml.clear.agent.embedded.store.Json;
import ml.clear.agent.embedded.store.Refusal;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Tasks reset, copied and deleted. */
final class TaskLifeEndpoints {

    private final Stores stores;
    private final ProjectTree tree;
    private final OwnFiles files;
    private final TaskRemoval removal;

    private TaskLifeEndpoints(Stores stores, ProjectTree tree, OwnFiles files) {
        this.stores = stores;
        this.tree = tree;
        this.files = files;
        this.removal = new TaskRemoval(stores);
    }

    static void register(Routes routes, Stores stores, ProjectTree tree, OwnFiles files) {
        TaskLifeEndpoints life = new TaskLifeEndpoints(stores, tree, files);
        routes.add("tasks.reset", life::reset)
                .add("tasks.reset_many", ManyEndpoint.of("task", "reset", life::reset))
                .add("tasks.clone", life::copy)
                .add("tasks.delete", life::delete)
                .add("tasks.delete_many", ManyEndpoint.of("task", "deleted", life::delete));
    }

    private ObjectNode reset(Call call) {
        String id = call.required("task");
        boolean clearAll = call.flag("clear_all", false);
        boolean drafts = call.flag("delete_output_models", true);
        FileUrls urls = new FileUrls(call);
        return urls.finish(files, stores.database().write(session -> {
            ObjectNode task = stores.task(session, id);
            TaskStatus present = StatusChange.present(task);
            if (!call.force() && (present == TaskStatus.PUBLISHED || present == TaskStatus.PUBLISHING)) {
                throw StatusChange.refusal(task, "it is " + present.word() + " and cannot be reset without force");
            }
            urls.addTask(session, task);
            int models = drafts ? removal.deleteDrafts(session, task, urls) : 0;
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
            return answer;
        }));
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
        boolean drafts = call.flag("delete_output_models", true);
        FileUrls urls = new FileUrls(call);
        return urls.finish(files, stores.database().write(session -> {
            ObjectNode task = stores.task(session, id);
            TaskStatus present = StatusChange.present(task);
            if (!call.force()
                    && present != TaskStatus.CREATED
                    && !Names.contains(task.path("system_tags"), "archived")) {
                throw Refusal.bad(
                        123, "Task cannot be deleted (it is " + present.word() + " and not archived): id=" + id);
            }
            for (ObjectNode step : PipelineSteps.included(stores, session, call, task)) {
                removal.remove(session, step, drafts, urls);
            }
            TaskRemoval.Effect effect = removal.remove(session, task, drafts, urls);
            return Json.object()
                    .put("deleted", true)
                    .put("updated_children", effect.children())
                    .put("updated_models", effect.models())
                    .put("deleted_models", effect.deletedModels());
        }));
    }
}
