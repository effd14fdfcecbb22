// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import ml.clear.agent.embedded.store.Json;
import ml.clear.agent.embedded.store.Refusal;
import ml.clear.agent.embedded.store.Session;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes what {@code tasks.create}, {@code tasks.edit} and {@code tasks.update} are given into a task. */
final class TaskEditor {

    private final Stores stores;

    TaskEditor(Stores stores) {
        this.stores = stores;
    }

    /** The members that both edits take: name, comment, tags and project. */
    void common(Session session, Call call, Changes changes) {
        call.text("name").ifPresent(name -> changes.set("name", Names.checked(name)));
        call.text("comment").ifPresent(comment -> changes.set("comment", comment));
        for (String member : List.of("tags", "system_tags")) {
            if (call.has(member)) {
                changes.set(member, Names.tags(call.arguments().path(member)));
            }
        }
        call.text("project").ifPresent(project -> {
            if (!project.isEmpty() && stores.projects().find(session, project).isEmpty()) {
                throw Refusal.bad(16, "Bad value: unknown project, id=" + project);
            }
            if (project.isEmpty()) {
                changes.clear("project");
            } else {
                changes.set("project", project);
            }
        });
    }

    /** Everything else that can be created or edited. Returns whether something of it was given. */
    boolean content(Session session, Call call, Changes changes) {
        int before = changes.fields().size();
        ObjectNode task = changes.document();
        call.text("type").ifPresent(type -> changes.set("type", TaskShape.type(type)));
        call.text("parent").ifPresent(parent -> {
            if (!parent.isEmpty() && !stores.tasks().exists(session, parent)) {
                throw Refusal.bad(16, "Bad value: unknown parent task, id=" + parent);
            }
            if (parent.isEmpty()) {
                changes.clear("parent");
            } else {
                changes.set("parent", parent);
            }
        });
        call.text("output_dest").ifPresent(destination -> changes.setInside("output", "destination", destination));
        merged(call, changes, "script", TaskShape::script);
        merged(call, changes, "execution", TaskShape::execution);
        merged(call, changes, "models", given -> checkedModels(session, given));
        replaced(call, changes, "hyperparams", TaskShape::hyperparams);
        replaced(call, changes, "configuration", TaskShape::configuration);
        replaced(call, changes, "runtime", given -> given);
        replaced(call, changes, "container", given -> given);
        TaskShape.moveLegacy(task);
        Json.arrayIn(Json.objectIn(task, "execution"), "artifacts");
        return changes.fields().size() > before;
    }

    private ObjectNode checkedModels(Session session, ObjectNode given) {
        ObjectNode models = TaskShape.models(given);
        for (JsonNode input : models.path("input")) {
            stores.model(session, input.path("model").asString(""));
        }
        return models;
    }

    private interface Shape {
        ObjectNode of(ObjectNode given);
    }

    private static void replaced(Call call, Changes changes, String member, Shape shape) {
        call.object(member).ifPresent(given -> changes.set(member, shape.of(given)));
    }

    /** One level deep: what is not given stays, what is null goes. */
    private static void merged(Call call, Changes changes, String member, Shape shape) {
        call.object(member).ifPresent(given -> {
            ObjectNode target = Json.objectIn(changes.document(), member);
            for (Map.Entry<String, JsonNode> inner : shape.of(given).properties()) {
                if (inner.getValue().isNull()) {
                    target.remove(inner.getKey());
                } else {
                    target.set(inner.getKey(), inner.getValue());
                }
            }
            changes.set(member, target);
        });
    }

    /** A task with all containers that clients expect, and nothing in them. */
    ObjectNode blank() {
        String now = stores.now();
        ObjectNode task = Json.object()
                .put("id", Stores.newId())
                .put("company", Caller.COMPANY)
                .put("user", Caller.USER)
                .put("status", TaskStatus.CREATED.word())
                .put("status_reason", "")
                .put("status_message", "")
                .put("comment", "")
                .put("created", now)
                .put("last_update", now)
                .put("last_change", now)
                .put("last_changed_by", Caller.USER)
                .put("last_iteration", 0);
        task.set("script", TaskShape.newScript());
        task.putObject("execution").putArray("artifacts");
        for (String member : List.of("output", "container", "hyperparams", "configuration", "runtime")) {
            task.putObject(member);
        }
        ObjectNode models = task.putObject("models");
        models.putArray("input");
        models.putArray("output");
        task.putArray("tags");
        task.putArray("system_tags");
        return task;
    }

    /** Change a task in a transaction and note who did. */
    ObjectNode edit(String id, Consumer<ObjectNode> check, Consumer<ObjectNode> change) {
        return stores.database().write(session -> {
            ObjectNode task = stores.task(session, id);
            check.accept(task);
            change.accept(task);
            String now = stores.now();
            task.put("last_change", now).put("last_update", now).put("last_changed_by", Caller.USER);
            stores.tasks().save(session, task);
            return Json.object().put("updated", 1);
        });
    }
}
