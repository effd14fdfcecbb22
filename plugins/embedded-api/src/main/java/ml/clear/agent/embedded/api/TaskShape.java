// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import ml.clear.agent.embedded.store.Json;
import ml.clear.agent.embedded.store.Refusal;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The schema of the members of a task: validates values and converts them into the stored form. */
final class TaskShape {

    static final Set<String> TYPES = Set.of(
            "training",
            "testing",
            "inference",
            "data_processing",
            "application",
            "monitor",
            "controller",
            "report",
            "optimizer",
            "service",
            "qc",
            "custom");

    private static final Set<String> SCRIPT_TRIMMED =
            Set.of("binary", "repository", "tag", "branch", "version_num", "entry_point", "working_dir");
    private static final Set<String> SCRIPT_OTHERS = Set.of("diff", "requirements");
    private static final Set<String> EXECUTION = Set.of(
            "queue",
            "parameters",
            "artifacts",
            "model_desc",
            "model_labels",
            "framework",
            "test_split",
            "model",
            "docker_cmd");
    private static final String DEFINE = "TF_DEFINE/";

    private TaskShape() {}

    static ObjectNode newScript() {
        ObjectNode script =
                Json.object().put("binary", "python").put("repository", "").put("entry_point", "");
        script.putObject("requirements");
        return script;
    }

    static String type(String type) {
        if (!TYPES.contains(type)) {
            throw Refusal.invalid("'" + type + "' is not a type of task; known types are "
                    + TYPES.stream().sorted().toList());
        }
        return type;
    }

    /** The given members of a script, trimmed; a null stays, as the wish to remove. */
    static ObjectNode script(ObjectNode given) {
        ObjectNode script = Json.object();
        for (Map.Entry<String, JsonNode> member : given.properties()) {
            String name = member.getKey();
            JsonNode value = member.getValue();
            if (SCRIPT_TRIMMED.contains(name) && !value.isNull()) {
                script.put(name, text("script." + name, value).strip());
            } else if (SCRIPT_TRIMMED.contains(name) || SCRIPT_OTHERS.contains(name)) {
                script.set(name, value);
            } else {
                throw Refusal.invalid("document=Script, field=" + name);
            }
        }
        return script;
    }

    /** The given members of {@code execution}; unknown ones are dropped. */
    static ObjectNode execution(ObjectNode given) {
        ObjectNode execution = Json.object();
        for (Map.Entry<String, JsonNode> member : given.properties()) {
            if (member.getKey().equals("artifacts") && !member.getValue().isNull()) {
                execution.set("artifacts", artifacts(Json.array(), items("artifacts", member.getValue())));
            } else if (EXECUTION.contains(member.getKey())) {
                execution.set(member.getKey(), member.getValue());
            }
        }
        return execution;
    }

    /** The present artifacts with the given ones, which replace those of equal key and mode; sorted by key. */
    static ArrayNode artifacts(JsonNode present, List<ObjectNode> given) {
        Map<List<String>, ObjectNode> byKey = new LinkedHashMap<>();
        for (JsonNode artifact : present) {
            byKey.put(artifactKey(artifact), (ObjectNode) artifact);
        }
        for (ObjectNode artifact : given) {
            for (String member : List.of("key", "type")) {
                if (!artifact.path(member).isString()) {
                    throw Refusal.data("an artifact needs a '" + member + "'");
                }
            }
            if (!artifact.path("mode").isString()) {
                artifact.put("mode", "output");
            }
            byKey.put(artifactKey(artifact), artifact);
        }
        ArrayNode list = Json.array();
        byKey.values().stream()
                .sorted(Comparator.comparing(artifact -> artifact.path("key").asString("")))
                .forEach(list::add);
        return list;
    }

    static List<String> artifactKey(JsonNode artifact) {
        return List.of(artifact.path("key").asString(""), artifact.path("mode").asString("output"));
    }

    /** The input and output models that are given. */
    static ObjectNode models(ObjectNode given) {
        ObjectNode models = Json.object();
        for (Map.Entry<String, JsonNode> side : given.properties()) {
            if (!Set.of("input", "output").contains(side.getKey())) {
                throw Refusal.invalid("document=TaskModels, field=" + side.getKey());
            }
            if (side.getValue().isNull()) {
                models.putNull(side.getKey());
            } else {
                ArrayNode list = models.putArray(side.getKey());
                items("models." + side.getKey(), side.getValue()).forEach(list::add);
            }
        }
        return models;
    }

    /** Hyper-parameters: sections of items. */
    static ObjectNode hyperparams(ObjectNode given) {
        ObjectNode sections = Json.object();
        for (Map.Entry<String, JsonNode> section : given.properties()) {
            ObjectNode items = sections.putObject(section.getKey());
            for (Map.Entry<String, JsonNode> item :
                    object("hyperparams", section.getValue()).properties()) {
                ObjectNode value = object("hyperparams", item.getValue()).deepCopy();
                value.putIfAbsent("section", Json.array().add(section.getKey()).get(0));
                parameter(value);
                items.set(item.getKey(), value);
            }
        }
        return sections;
    }

    /** Checks one item. */
    static ObjectNode parameter(ObjectNode item) {
        for (String member : List.of("section", "name", "value")) {
            if (!item.path(member).isString()) {
                throw Refusal.data("a parameter needs a text '" + member + "': " + item.path("name"));
            }
        }
        return item;
    }

    /** Configuration objects by name. */
    static ObjectNode configuration(ObjectNode given) {
        ObjectNode all = Json.object();
        for (Map.Entry<String, JsonNode> item : given.properties()) {
            all.set(item.getKey(), configurationItem(object("configuration", item.getValue())));
        }
        return all;
    }

    /** Checks one item. */
    static ObjectNode configurationItem(ObjectNode item) {
        if (!item.path("name").isString()) {
            throw Refusal.data("a configuration item needs a text 'name'");
        }
        return item;
    }

    /**
     * Older clients put parameters and a configuration text into {@code execution}: take them out of there and keep them
     * as items of type {@code legacy}.
     */
    static void moveLegacy(ObjectNode task) {
        ObjectNode execution = Json.objectIn(task, "execution");
        JsonNode parameters = execution.remove("parameters");
        JsonNode description = execution.remove("model_desc");
        if (parameters != null) {
            for (Map.Entry<String, JsonNode> parameter : parameters.properties()) {
                boolean define = parameter.getKey().startsWith(DEFINE);
                String section = define ? "TF_DEFINE" : "Args";
                String name = define ? parameter.getKey().substring(DEFINE.length()) : parameter.getKey();
                Json.objectIn(Json.objectIn(task, "hyperparams"), section)
                        .putObject(name)
                        .put("section", section)
                        .put("name", name)
                        .put("value", parameter.getValue().asString(""))
                        .put("type", "legacy");
            }
        }
        if (description != null) {
            for (Map.Entry<String, JsonNode> text : description.properties()) {
                Json.objectIn(task, "configuration")
                        .putObject(text.getKey())
                        .put("name", text.getKey())
                        .put("value", text.getValue().asString(""))
                        .put("type", "legacy");
            }
        }
    }

    static ObjectNode object(String name, JsonNode value) {
        if (value instanceof ObjectNode object) {
            return object;
        }
        throw Refusal.invalid("'" + name + "' must be an object");
    }

    private static List<ObjectNode> items(String name, JsonNode value) {
        if (!value.isArray()) {
            throw Refusal.invalid("'" + name + "' must be a list of objects");
        }
        List<ObjectNode> items = new ArrayList<>();
        value.forEach(element -> items.add(object(name, element)));
        return items;
    }

    private static String text(String name, JsonNode value) {
        if (!value.isString()) {
            throw Refusal.invalid("'" + name + "' must be a text");
        }
        return value.stringValue();
    }
}
