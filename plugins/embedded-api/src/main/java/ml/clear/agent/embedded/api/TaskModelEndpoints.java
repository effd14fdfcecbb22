// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import ml.clear.agent.embedded.store.Json;
import ml.clear.agent.embedded.store.Refusal;
import ml.clear.agent.embedded.store.Session;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The one output model of a task, as clients of API versions before 2.13 set and read it. */
final class TaskModelEndpoints {

    private static final String LINK = "Output Model";

    private final Stores stores;

    private TaskModelEndpoints(Stores stores) {
        this.stores = stores;
    }

    static void register(Routes routes, Stores stores) {
        TaskModelEndpoints models = new TaskModelEndpoints(stores);
        routes.add("models.get_by_task_id", models::byTask).add("models.update_for_task", models::updateForTask);
    }

    private ObjectNode byTask(Call call) {
        String id = call.required("task");
        ObjectNode answer = Json.object();
        stores.database().read(session -> {
            String model = output(stores.task(session, id))
                    .orElseThrow(() -> Refusal.bad(201, "Invalid model id: task=" + id + " has no output model"));
            return answer.set("model", stores.model(session, model));
        });
        return answer;
    }

    private ObjectNode updateForTask(Call call) {
        String id = call.required("task");
        Optional<String> uri = call.text("uri").filter(text -> !text.isEmpty());
        Optional<String> given = call.text("override_model_id").filter(text -> !text.isEmpty());
        if (uri.isPresent() == given.isPresent()) {
            throw Refusal.invalid("exactly one of 'uri' and 'override_model_id' is required");
        }
        long iteration = call.whole("iteration", 0);
        return stores.database().write(session -> {
            ObjectNode task = stores.task(session, id);
            TaskStatus status = StatusChange.present(task);
            if (!Set.of(TaskStatus.CREATED, TaskStatus.IN_PROGRESS).contains(status)) {
                throw StatusChange.refusal(task, "it is " + status.word() + " and its model cannot be changed");
            }
            ObjectNode answer = given.isPresent()
                    ? Json.object()
                            .put(
                                    "id",
                                    stores.model(session, given.get())
                                            .path("id")
                                            .stringValue())
                    : write(session, call, task);
            link(task, answer.path("id").stringValue());
            if (iteration > task.path("last_iteration").asLong(0)) {
                task.put("last_iteration", iteration);
            }
            task.put("last_update", stores.now()).put("last_change", stores.now());
            stores.tasks().save(session, task);
            return answer;
        });
    }

    /** Changes the output model of the task, or creates it. */
    private ObjectNode write(Session session, Call call, ObjectNode task) {
        String now = stores.now();
        Optional<String> present = output(task);
        String taskName = task.path("name").asString("");
        ObjectNode model = present.isPresent()
                ? stores.model(session, present.get())
                : ModelEndpoints.blank(now)
                        .put("ready", false)
                        .put("name", taskName)
                        .put("task", task.path("id").stringValue())
                        .put("project", task.path("project").asString(""))
                        .put("comment", "Created by task '" + taskName + "'");
        Changes changes = new Changes(model);
        call.text("name").ifPresent(name -> changes.set("name", Names.checked(name)));
        for (String member : List.of("uri", "comment")) {
            call.text(member).ifPresent(text -> changes.set(member, text));
        }
        for (String member : List.of("tags", "system_tags")) {
            if (call.has(member)) {
                changes.set(member, Names.tags(call.arguments().path(member)));
            }
        }
        changes.set("last_update", now).set("last_change", now);
        ObjectNode answer;
        if (present.isPresent()) {
            stores.models().save(session, changes.document());
            answer = changes.answer().put("created", false);
        } else {
            stores.models().insert(session, changes.document());
            answer = Json.object().put("created", true);
        }
        return answer.put("id", model.path("id").stringValue());
    }

    private static void link(ObjectNode task, String model) {
        Json.objectIn(task, "models")
                .putArray("output")
                .addObject()
                .put("name", LINK)
                .put("model", model);
    }

    private static Optional<String> output(ObjectNode task) {
        JsonNode outputs = task.path("models").path("output");
        return outputs.isEmpty()
                ? Optional.empty()
                : Optional.of(outputs.get(outputs.size() - 1).path("model").asString(""))
                        .filter(id -> !id.isEmpty());
    }
}
