// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import ml.clear.agent.embedded.store.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What callers of an older API version see and send in other places: the container as {@code execution.docker_cmd}, models
 * as {@code execution.model} and {@code output.model}; the Python agent asks with version 2.5.
 */
final class LegacyView {

    private LegacyView() {}

    /** Add the old members to a task that is shown; the new ones stay. */
    static ObjectNode of(ApiVersion version, ObjectNode task) {
        if (version.below(2, 13)) {
            JsonNode container = task.path("container");
            String image = container.path("image").asString("");
            if (!image.isEmpty()) {
                String arguments = container.path("arguments").asString("");
                Json.objectIn(task, "execution").put("docker_cmd", (image + " " + arguments).strip());
            }
            JsonNode inputs = task.path("models").path("input");
            if (!inputs.isEmpty()) {
                Json.objectIn(task, "execution").set("model", inputs.get(0).path("model"));
            }
            JsonNode outputs = task.path("models").path("output");
            if (!outputs.isEmpty()) {
                Json.objectIn(task, "output")
                        .set("model", outputs.get(outputs.size() - 1).path("model"));
            }
        }
        if (version.below(2, 9)) {
            copyLegacyItems(task);
        }
        if (version.below(2, 3)) {
            ArrayNode tags = Json.arrayIn(task, "tags");
            task.path("system_tags").forEach(tags::add);
        }
        return task;
    }

    private static void copyLegacyItems(ObjectNode task) {
        ObjectNode execution = Json.objectIn(task, "execution");
        for (JsonNode section : task.path("hyperparams")) {
            for (JsonNode item : section) {
                if (item.path("type").asString("").equals("legacy")) {
                    String prefix = item.path("section").asString("").equals("TF_DEFINE") ? "TF_DEFINE/" : "";
                    Json.objectIn(execution, "parameters")
                            .put(
                                    prefix + item.path("name").asString(""),
                                    item.path("value").asString(""));
                }
            }
        }
        for (JsonNode item : task.path("configuration")) {
            if (item.path("type").asString("").equals("legacy")) {
                Json.objectIn(execution, "model_desc")
                        .put(item.path("name").asString(""), item.path("value").asString(""));
            }
        }
    }

    /** A request of an old version in the present form. */
    static Call fromRequest(Call call) {
        if (!call.version().below(2, 13) || !(call.arguments().get("execution") instanceof ObjectNode execution)) {
            return call;
        }
        ObjectNode arguments = call.arguments().deepCopy();
        ObjectNode rest = execution.deepCopy();
        JsonNode command = rest.remove("docker_cmd");
        if (command != null && command.isString() && !arguments.has("container")) {
            String[] words = command.stringValue().strip().split(" ", 2);
            arguments.putObject("container").put("image", words[0]).put("arguments", words.length > 1 ? words[1] : "");
        }
        JsonNode model = rest.remove("model");
        if (model != null && model.isString() && !model.stringValue().isEmpty() && !arguments.has("models")) {
            arguments
                    .putObject("models")
                    .putArray("input")
                    .addObject()
                    .put("name", "input")
                    .set("model", model);
        }
        arguments.set("execution", rest);
        return call.with(arguments);
    }
}
