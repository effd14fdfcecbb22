// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import ml.clear.agent.embedded.store.Json;
import ml.clear.agent.embedded.store.Refusal;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The artifacts and models of a task. */
final class TaskLinkEndpoints {

    private final TaskEditor editor;

    private TaskLinkEndpoints(TaskEditor editor) {
        this.editor = editor;
    }

    static void register(Routes routes, TaskEditor editor) {
        TaskLinkEndpoints links = new TaskLinkEndpoints(editor);
        routes.add("tasks.add_or_update_artifacts", links::addArtifacts)
                .add("tasks.delete_artifacts", links::deleteArtifacts)
                .add("tasks.add_or_update_model", links::addModel)
                .add("tasks.delete_models", links::deleteModels);
    }

    private ObjectNode addArtifacts(Call call) {
        List<ObjectNode> artifacts = call.objects("artifacts");
        return editor.edit(call.required("task"), TaskEndpoints::requireAlive, task -> {
            ObjectNode execution = Json.objectIn(task, "execution");
            execution.set("artifacts", TaskShape.artifacts(execution.path("artifacts"), artifacts));
        });
    }

    private ObjectNode deleteArtifacts(Call call) {
        Set<List<String>> keys =
                call.objects("artifacts").stream().map(TaskShape::artifactKey).collect(Collectors.toSet());
        ObjectNode answer = editor.edit(call.required("task"), TaskEndpoints::requireAlive, task -> {
            ObjectNode execution = Json.objectIn(task, "execution");
            ArrayNode rest = Json.array();
            execution.path("artifacts").forEach(artifact -> {
                if (!keys.contains(TaskShape.artifactKey(artifact))) {
                    rest.add(artifact);
                }
            });
            execution.set("artifacts", rest);
        });
        answer.remove("updated");
        return answer.put("deleted", 1);
    }

    private ObjectNode addModel(Call call) {
        String name = call.required("name");
        String model = call.required("model");
        String side = side(call.required("type"));
        long iteration = call.whole("iteration", 0);
        return editor.edit(call.required("task"), TaskEndpoints::requireAlive, task -> {
            ArrayNode models = Json.arrayIn(Json.objectIn(task, "models"), side);
            ObjectNode link = Json.object().put("name", name).put("model", model);
            int place = place(models, name);
            if (place < 0) {
                models.add(link);
            } else {
                models.set(place, link);
            }
            if (iteration > task.path("last_iteration").asLong(0)) {
                task.put("last_iteration", iteration);
            }
        });
    }

    private ObjectNode deleteModels(Call call) {
        List<ObjectNode> links = call.objects("models");
        return editor.edit(
                call.required("task"),
                TaskEndpoints::requireAlive,
                task -> links.forEach(link -> {
                    ArrayNode models = Json.arrayIn(
                            Json.objectIn(task, "models"),
                            side(link.path("type").asString("")));
                    int place = place(models, link.path("name").asString(""));
                    if (place >= 0) {
                        models.remove(place);
                    }
                }));
    }

    private static int place(JsonNode models, String name) {
        for (int i = 0; i < models.size(); i++) {
            if (models.get(i).path("name").asString("").equals(name)) {
                return i;
            }
        }
        return -1;
    }

    private static String side(String type) {
        if (!Set.of("input", "output").contains(type)) {
            throw Refusal.invalid("'type' must be input or output");
        }
        return type;
    }
}
