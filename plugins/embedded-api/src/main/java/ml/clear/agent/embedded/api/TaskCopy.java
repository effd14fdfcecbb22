// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import java.util.List;
import java.util.Optional;
import ml.clear.agent.embedded.store.Json;
import ml.clear.agent.embedded.store.Session;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The copy of {@code tasks.clone}: the definition of a task without its results. */
final class TaskCopy {

    private final Stores stores;
    private final Call call;

    TaskCopy(Stores stores, Call call) {
        this.stores = stores;
        this.call = call;
    }

    /** The copy, which is not stored yet. */
    ObjectNode of(Session session, ObjectNode source) {
        ObjectNode copy = new TaskEditor(stores).blank();
        copy.put(
                "name",
                call.text("new_task_name")
                        .map(Names::checked)
                        .orElse(source.path("name").asString("")));
        copy.put("comment", call.text("new_task_comment", source.path("comment").asString("")));
        copy.set("type", source.path("type"));
        copy.put("parent", parent(session, source));
        project(session, source).ifPresent(project -> copy.put("project", project));
        copy.set("script", source.path("script").deepCopy());
        copy.set("execution", execution(source));
        copy.set(
                "tags",
                call.has("new_task_tags") ? Names.tags(call.arguments().path("new_task_tags")) : source.path("tags"));
        copy.set("system_tags", systemTags(source));
        take(copy, source, "hyperparams", call.object("new_task_hyperparams").map(TaskShape::hyperparams));
        take(
                copy,
                source,
                "configuration",
                call.object("new_task_configuration").map(TaskShape::configuration));
        take(copy, source, "container", call.object("new_task_container"));
        JsonNode inputs = call.has("new_task_input_models")
                ? inputModels(session)
                : source.path("models").path("input").deepCopy();
        Json.objectIn(copy, "models").set("input", inputs);
        JsonNode destination = source.path("output").path("destination");
        if (destination.isString()) {
            Json.objectIn(copy, "output").set("destination", destination);
        }
        return copy;
    }

    private String parent(Session session, ObjectNode source) {
        Optional<String> given = call.text("new_task_parent").filter(parent -> !parent.isEmpty());
        given.ifPresent(parent -> stores.task(session, parent));
        String inherited = source.path("parent").asString("");
        return given.orElse(inherited.isEmpty() ? source.path("id").stringValue() : inherited);
    }

    private Optional<String> project(Session session, ObjectNode source) {
        Optional<String> given = call.text("new_task_project").filter(project -> !project.isEmpty());
        given.ifPresent(project -> stores.project(session, project));
        return given.or(() -> Optional.of(source.path("project").asString("")).filter(project -> !project.isEmpty()));
    }

    private ObjectNode execution(ObjectNode source) {
        ObjectNode execution =
                source.path("execution") instanceof ObjectNode present ? present.deepCopy() : Json.object();
        execution.remove("queue");
        ArrayNode artifacts = Json.array();
        execution.path("artifacts").forEach(artifact -> {
            if (!artifact.path("mode").asString("output").equals("output")) {
                artifacts.add(artifact);
            }
        });
        execution.set("artifacts", artifacts);
        call.object("execution_overrides").ifPresent(given -> {
            ObjectNode overrides = TaskShape.execution(given);
            overrides.remove("queue");
            Json.merge(execution, overrides);
        });
        return execution;
    }

    private JsonNode systemTags(ObjectNode source) {
        if (call.has("new_task_system_tags")) {
            return Names.tags(call.arguments().path("new_task_system_tags"));
        }
        JsonNode tags = source.path("system_tags");
        for (String dropped : List.of("development", "archived")) {
            tags = Names.without(tags, dropped);
        }
        return tags;
    }

    private ArrayNode inputModels(Session session) {
        ArrayNode models = Json.array();
        for (ObjectNode model : call.objects("new_task_input_models")) {
            stores.model(session, model.path("model").asString(""));
            models.add(model);
        }
        return models;
    }

    private static void take(ObjectNode copy, ObjectNode source, String member, Optional<ObjectNode> given) {
        given.ifPresentOrElse(
                value -> copy.set(member, value),
                () -> copy.set(
                        member,
                        source.path(member) instanceof ObjectNode present ? present.deepCopy() : Json.object()));
    }
}
