// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import ml.clear.agent.embedded.store.Json;
import ml.clear.agent.embedded.store.Metrics;
import ml.clear.agent.embedded.store.Refusal;
import ml.clear.agent.embedded.store.Session;
import ml.clear.agent.embedded.store.Subset;
import ml.clear.agent.embedded.store.Vocabulary;
import ml.clear.agent.embedded.store.Vocabulary.Pair;
import ml.clear.agent.embedded.store.Vocabulary.Table;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The values to choose from in some projects: tags, parameters, metrics, parents. */
final class VocabularyEndpoints {

    private static final int MOST = 500;

    private final Stores stores;
    private final ProjectTree tree;

    private VocabularyEndpoints(Stores stores, ProjectTree tree) {
        this.stores = stores;
        this.tree = tree;
    }

    static void register(Routes routes, Stores stores, ProjectTree tree) {
        VocabularyEndpoints words = new VocabularyEndpoints(stores, tree);
        routes.add("projects.get_unique_metric_variants", words::metrics)
                .add("projects.get_hyper_parameters", words::parameters)
                .add("projects.get_hyperparam_values", words::parameterValues)
                .add("projects.get_model_metadata_keys", words::metadataKeys)
                .add("projects.get_model_metadata_values", words::metadataValues)
                .add("projects.get_task_tags", call -> words.tags(call, Table.TASK))
                .add("projects.get_model_tags", call -> words.tags(call, Table.MODEL))
                .add("projects.get_project_tags", call -> words.tags(call, Table.PROJECT))
                .add("organization.get_tags", call -> words.tags(call, Table.TASK, Table.MODEL))
                .add("projects.get_task_parents", words::parents)
                .add("projects.get_user_names", words::users);
    }

    /** The projects of a list, with all that is below them when the call says so; no project means all of them. */
    private Subset inside(Session session, Call call, List<String> projects, boolean below) {
        Set<String> wanted = new LinkedHashSet<>();
        for (String project : projects) {
            wanted.addAll(call.flag("include_subprojects", below) ? tree.family(session, project) : List.of(project));
        }
        return wanted.isEmpty() ? Subset.ALL : new Subset("project", List.copyOf(wanted));
    }

    private Subset inside(Session session, Call call) {
        String project = call.required("project");
        stores.project(session, project);
        return inside(session, call, List.of(project), true);
    }

    private ObjectNode metrics(Call call) {
        Table table = call.flag("model_metrics", false) ? Table.MODEL : Table.TASK;
        List<String> ids = call.texts("ids");
        List<String> projects = call.text("project").stream().toList();
        ObjectNode answer = Json.object();
        ArrayNode list = answer.putArray("metrics");
        stores.database().read(session -> {
            Subset wanted = inside(session, call, projects, true);
            for (Pair metric : Vocabulary.metrics(session, table, ids.isEmpty() ? wanted : Subset.ids(ids))) {
                list.addObject()
                        .put("metric", metric.first())
                        .put("metric_hash", Metrics.md5(metric.first()))
                        .put("variant", metric.second())
                        .put("variant_hash", Metrics.md5(metric.second()));
            }
            return list;
        });
        return answer;
    }

    private ObjectNode parameters(Call call) {
        List<Pair> all = stores.database().read(session -> Vocabulary.parameters(session, inside(session, call)));
        ObjectNode answer = Json.object();
        ArrayNode list = answer.putArray("parameters");
        page(call, all)
                .forEach(parameter ->
                        list.addObject().put("section", parameter.first()).put("name", parameter.second()));
        return remaining(call, answer, all.size());
    }

    private static <T> List<T> page(Call call, List<T> all) {
        long size = Math.clamp(call.whole("page_size", MOST), 1, MOST);
        int from = (int) Math.min(Math.max(0, call.whole("page", 0)) * size, all.size());
        return all.subList(from, (int) Math.min(from + size, all.size()));
    }

    private static ObjectNode remaining(Call call, ObjectNode answer, int total) {
        long size = Math.clamp(call.whole("page_size", MOST), 1, MOST);
        return answer.put("total", total)
                .put("remaining", Math.max(0, total - (Math.max(0, call.whole("page", 0)) + 1) * size));
    }

    private ObjectNode parameterValues(Call call) {
        Pair parameter = new Pair(call.required("section"), call.required("name"));
        List<String> projects = call.texts("projects");
        String part = call.text("pattern", "").toLowerCase(Locale.ROOT);
        List<String> found = stores
                .database()
                .read(session -> Vocabulary.parameterValues(session, parameter, inside(session, call, projects, true)))
                .stream()
                .filter(value -> value.toLowerCase(Locale.ROOT).contains(part))
                .toList();
        return values(call, found);
    }

    private static ObjectNode values(Call call, List<String> found) {
        ObjectNode answer = Json.object().put("total", found.size());
        answer.set("values", Names.list(page(call, found)));
        return answer;
    }

    private ObjectNode metadataKeys(Call call) {
        List<String> all = stores.database().read(session -> Vocabulary.metadataKeys(session, inside(session, call)));
        ObjectNode answer = Json.object();
        answer.set("keys", Names.list(page(call, all)));
        return remaining(call, answer, all.size());
    }

    private ObjectNode metadataValues(Call call) {
        String key = call.required("key");
        List<String> projects = call.texts("projects");
        return values(
                call,
                stores.database()
                        .read(session ->
                                Vocabulary.metadataValues(session, key, inside(session, call, projects, true))));
    }

    private ObjectNode tags(Call call, Table... tables) {
        boolean system = call.flag("include_system", false);
        List<String> projects = call.texts("projects");
        ObjectNode filter = call.object("filter").orElseGet(Json::object);
        ObjectNode answer = Json.object();
        stores.database().read(session -> {
            for (String member : system ? List.of("tags", "system_tags") : List.of("tags")) {
                Set<String> found = new LinkedHashSet<>();
                for (Table table : tables) {
                    Subset inside = table == Table.PROJECT && !projects.isEmpty()
                            ? Subset.ids(projects)
                            : inside(session, call, projects, false);
                    found.addAll(Vocabulary.elements(session, table, member, inside));
                }
                List<String> wanted = new ArrayList<>();
                filter.path(member).forEach(tag -> wanted.add(tag.asString("")));
                answer.set(
                        member,
                        Names.list(found.stream()
                                .filter(tag -> wanted.isEmpty() || wanted.contains(tag))
                                .sorted()
                                .toList()));
            }
            return answer;
        });
        return answer;
    }

    private ObjectNode parents(Call call) {
        List<String> projects = call.texts("projects");
        String state = call.text("tasks_state", "");
        if (!Set.of("", "active", "archived").contains(state)) {
            throw Refusal.invalid("'tasks_state' must be active or archived");
        }
        String part = call.text("task_name", "").toLowerCase(Locale.ROOT);
        ObjectNode answer = Json.object();
        ArrayNode list = answer.putArray("parents");
        stores.database().read(session -> {
            List<String> parents = Vocabulary.parents(
                    session, inside(session, call, projects, true), !state.equals("archived"), !state.equals("active"));
            Map<String, ObjectNode> byName = new TreeMap<>();
            for (String id : parents) {
                stores.tasks()
                        .find(session, id)
                        .ifPresent(parent -> byName.put(parent.path("name").asString("") + " " + id, parent));
            }
            byName.forEach((name, parent) -> {
                if (name.toLowerCase(Locale.ROOT).contains(part)) {
                    ObjectNode shown = list.addObject();
                    shown.set("id", parent.path("id"));
                    shown.set("name", parent.path("name"));
                    stores.projects()
                            .find(session, parent.path("project").asString(""))
                            .ifPresent(project -> {
                                ObjectNode reference = shown.putObject("project");
                                reference.set("id", project.path("id"));
                                reference.set("name", project.path("name"));
                            });
                }
            });
            return list;
        });
        return answer;
    }

    /** The one user, where there is something of that kind. */
    private ObjectNode users(Call call) {
        List<String> projects = call.texts("projects");
        String entity = call.text("entity", "task");
        if (!Set.of("task", "model").contains(entity)) {
            throw Refusal.invalid("'entity' must be task or model");
        }
        ObjectNode answer = Json.object();
        ArrayNode users = answer.putArray("users");
        stores.database().read(session -> {
            Subset inside = inside(session, call, projects, true);
            long count = entity.equals("task")
                    ? stores.tasks().count(session, inside)
                    : stores.models().count(session, inside);
            return count > 0 ? users.addObject().put("id", Caller.USER).put("name", Caller.USER_NAME) : users;
        });
        return answer;
    }
}
