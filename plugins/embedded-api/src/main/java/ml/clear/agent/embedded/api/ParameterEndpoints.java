// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import ml.clear.agent.embedded.store.Json;
import ml.clear.agent.embedded.store.Refusal;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Hyper-parameters and configuration objects, item by item. */
final class ParameterEndpoints {

    private static final String PROPERTIES = "properties";
    private static final List<String> PARAMETER = List.of("section", "name", "value", "type", "description");
    private static final List<String> CONFIGURATION = List.of("name", "value", "type", "description");

    private final Stores stores;
    private final TaskEditor editor;

    private ParameterEndpoints(Stores stores, TaskEditor editor) {
        this.stores = stores;
        this.editor = editor;
    }

    static void register(Routes routes, Stores stores, TaskEditor editor) {
        ParameterEndpoints parameters = new ParameterEndpoints(stores, editor);
        routes.add("tasks.get_hyper_params", parameters::hyperParameters)
                .add("tasks.edit_hyper_params", parameters::editHyperParameters)
                .add("tasks.delete_hyper_params", parameters::deleteHyperParameters)
                .add("tasks.get_configurations", parameters::configurations)
                .add("tasks.get_configuration_names", parameters::configurationNames)
                .add("tasks.edit_configuration", parameters::editConfiguration)
                .add("tasks.delete_configuration", parameters::deleteConfiguration);
    }

    private ObjectNode hyperParameters(Call call) {
        return forEach(call, "params", (task, entry) -> {
            List<JsonNode> items = new ArrayList<>();
            task.path("hyperparams").forEach(section -> section.forEach(items::add));
            ArrayNode list = entry.putArray("hyperparams");
            items.stream()
                    .sorted(Comparator.comparing(
                                    (JsonNode item) -> item.path("section").asString(""))
                            .thenComparing(item -> item.path("name").asString("")))
                    .forEach(item -> list.add(members(item, PARAMETER)));
        });
    }

    private ObjectNode configurations(Call call) {
        Set<String> names = Set.copyOf(call.texts("names"));
        return forEach(call, "configurations", (task, entry) -> {
            ArrayNode list = entry.putArray("configuration");
            sorted(task).forEach(item -> {
                if (names.isEmpty() || names.contains(item.path("name").asString(""))) {
                    list.add(members(item, CONFIGURATION));
                }
            });
        });
    }

    private ObjectNode configurationNames(Call call) {
        boolean skipEmpty = call.flag("skip_empty", true);
        return forEach(call, "configurations", (task, entry) -> {
            ArrayNode list = entry.putArray("names");
            sorted(task).forEach(item -> {
                if (!skipEmpty || !item.path("value").asString("").isEmpty()) {
                    list.add(item.path("name"));
                }
            });
        });
    }

    private static List<JsonNode> sorted(ObjectNode task) {
        List<JsonNode> items = new ArrayList<>();
        task.path("configuration").forEach(items::add);
        items.sort(Comparator.comparing(item -> item.path("name").asString("")));
        return items;
    }

    private interface Filler {
        void fill(ObjectNode task, ObjectNode entry);
    }

    private ObjectNode forEach(Call call, String member, Filler filler) {
        List<String> ids = call.requiredTexts("tasks");
        ObjectNode answer = Json.object();
        ArrayNode list = answer.putArray(member);
        stores.database().read(session -> {
            for (String id : ids) {
                filler.fill(stores.task(session, id), list.addObject().put("task", id));
            }
            return list;
        });
        return answer;
    }

    private static ObjectNode members(JsonNode item, List<String> names) {
        ObjectNode shown = Json.object();
        names.forEach(name -> {
            if (item.hasNonNull(name)) {
                shown.set(name, item.path(name));
            }
        });
        return shown;
    }

    private ObjectNode editHyperParameters(Call call) {
        List<ObjectNode> items = call.objects("hyperparams");
        items.forEach(ParameterEndpoints::checked);
        String replace = call.text("replace_hyperparams", "none");
        if (!Set.of("none", "section", "all").contains(replace)) {
            throw Refusal.invalid("'replace_hyperparams' must be none, section or all");
        }
        boolean free = items.stream().allMatch(item -> section(item).equals(PROPERTIES)) && !replace.equals("all");
        Consumer<ObjectNode> check = editable(call);
        return editor.edit(call.required("task"), free ? task -> {} : check, task -> {
            ObjectNode sections = Json.objectIn(task, "hyperparams");
            if (replace.equals("all")) {
                sections.removeAll();
            } else if (replace.equals("section")) {
                items.forEach(item -> sections.remove(section(item)));
            }
            items.forEach(item -> {
                item.put("section", section(item));
                Json.objectIn(sections, section(item)).set(item.path("name").stringValue(), members(item, PARAMETER));
            });
        });
    }

    private static void checked(ObjectNode item) {
        for (String member : List.of("section", "name", "value")) {
            if (!item.path(member).isString()) {
                throw Refusal.invalid("a parameter needs a text '" + member + "'");
            }
        }
    }

    private static String section(ObjectNode item) {
        String section = item.path("section").asString("");
        return section.equalsIgnoreCase(PROPERTIES) ? section.toLowerCase(Locale.ROOT) : section;
    }

    private ObjectNode deleteHyperParameters(Call call) {
        List<ObjectNode> items = call.objects("hyperparams");
        items.forEach(item -> {
            if (!item.path("section").isString()) {
                throw Refusal.invalid("a parameter needs a text 'section'");
            }
        });
        boolean free = items.stream().allMatch(item -> section(item).equals(PROPERTIES));
        Consumer<ObjectNode> check = editable(call);
        ObjectNode answer = editor.edit(call.required("task"), free ? task -> {} : check, task -> {
            ObjectNode sections = Json.objectIn(task, "hyperparams");
            items.forEach(item -> {
                Optional<String> name =
                        Optional.of(item.path("name").asString("")).filter(text -> !text.isEmpty());
                if (name.isEmpty()) {
                    sections.remove(section(item));
                } else if (sections.get(section(item)) instanceof ObjectNode section) {
                    section.remove(name.get());
                    if (section.isEmpty()) {
                        sections.remove(section(item));
                    }
                }
            });
        });
        return deleted(answer);
    }

    private ObjectNode editConfiguration(Call call) {
        List<ObjectNode> items = call.objects("configuration");
        items.forEach(item -> {
            if (!item.path("name").isString()) {
                throw Refusal.invalid("a configuration item needs a text 'name'");
            }
        });
        boolean replace = call.flag("replace_configuration", false);
        return editor.edit(call.required("task"), editable(call), task -> {
            ObjectNode all = Json.objectIn(task, "configuration");
            if (replace) {
                all.removeAll();
            }
            items.forEach(item -> all.set(item.path("name").stringValue(), members(item, CONFIGURATION)));
        });
    }

    private ObjectNode deleteConfiguration(Call call) {
        List<String> names = call.texts("configuration");
        return deleted(editor.edit(call.required("task"), editable(call), task -> {
            ObjectNode all = Json.objectIn(task, "configuration");
            names.forEach(all::remove);
        }));
    }

    private static ObjectNode deleted(ObjectNode answer) {
        answer.remove("updated");
        return answer.put("deleted", 1);
    }

    /** Created; with force also queued or in progress. */
    private static Consumer<ObjectNode> editable(Call call) {
        boolean force = call.force();
        return task -> {
            TaskStatus present = StatusChange.present(task);
            boolean alive = present == TaskStatus.QUEUED || present == TaskStatus.IN_PROGRESS;
            if (present != TaskStatus.CREATED && !(force && alive)) {
                throw StatusChange.refusal(task, "it is " + present.word() + " and its parameters are fixed");
            }
        };
    }
}
