// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import java.util.List;
import ml.clear.agent.embedded.store.Condition;
import ml.clear.agent.embedded.store.Json;
import ml.clear.agent.embedded.store.Kind;
import ml.clear.agent.embedded.store.Query;
import ml.clear.agent.embedded.store.Refusal;
import ml.clear.agent.embedded.store.Session;
import ml.clear.agent.embedded.store.Subset;
import ml.clear.agent.embedded.store.Vocabulary;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.LongNode;
import tools.jackson.databind.node.ObjectNode;

/** Models: their files, their creators, their state. */
final class ModelEndpoints {

    private static final List<String> TEXTS = List.of("uri", "comment", "framework", "parent");

    private final Stores stores;
    private final ProjectTree tree;
    private final Lists lists;

    private ModelEndpoints(Stores stores, ProjectTree tree, Lists lists) {
        this.stores = stores;
        this.tree = tree;
        this.lists = lists;
    }

    static void register(Routes routes, Stores stores, ProjectTree tree, Lists lists) {
        ModelEndpoints models = new ModelEndpoints(stores, tree, lists);
        routes.add("models.create", models::create)
                .add("models.edit", models::edit)
                .add("models.update", models::edit)
                .add("models.get_by_id", models::byId)
                .add("models.get_all", call -> models.find(call, false))
                .add("models.get_all_ex", call -> models.find(call, true))
                .add("models.get_by_id_ex", models::byIdExtended)
                .add("models.get_frameworks", models::frameworks)
                .add("models.set_ready", models::setReady)
                .add("models.publish_many", ManyEndpoint.of("model", "published", models::publish))
                .add("models.delete", models::delete)
                .add("models.delete_many", ManyEndpoint.of("model", "deleted", models::delete))
                .add("models.archive_many", ManyEndpoint.of("model", "archived", call -> models.archive(call, true)))
                .add(
                        "models.unarchive_many",
                        ManyEndpoint.of("model", "unarchived", call -> models.archive(call, false)))
                .add("models.add_or_update_metadata", models::addMetadata)
                .add("models.delete_metadata", models::deleteMetadata);
    }

    private ObjectNode create(Call call) {
        String name = Names.checked(call.required("name"));
        call.required("uri");
        return stores.database().write(session -> {
            String now = stores.now();
            ObjectNode model = blank(now)
                    .put("company", call.flag("public", false) ? "" : Caller.COMPANY)
                    .put("ready", call.flag("ready", true));
            Changes changes = new Changes(model).set("name", name);
            write(session, call, changes);
            changes.set("last_update", now).set("last_change", now);
            stores.models().insert(session, model);
            return Json.object().put("id", model.path("id").stringValue()).put("created", true);
        });
    }

    /** A model without a name and a file. */
    static ObjectNode blank(String now) {
        ObjectNode model = Json.object()
                .put("id", Stores.newId())
                .put("company", Caller.COMPANY)
                .put("user", Caller.USER)
                .put("created", now)
                .put("comment", "");
        for (String member : List.of("design", "labels", "metadata")) {
            model.putObject(member);
        }
        model.putArray("tags");
        model.putArray("system_tags");
        return model;
    }

    private ObjectNode edit(Call call) {
        String id = call.required("model");
        return stores.database().write(session -> {
            Changes changes = new Changes(stores.model(session, id));
            call.text("name").ifPresent(name -> changes.set("name", Names.checked(name)));
            write(session, call, changes);
            if (call.has("ready")) {
                changes.set("ready", BooleanNode.valueOf(call.flag("ready", true)));
            }
            if (call.has("iteration")) {
                changes.set("last_iteration", LongNode.valueOf(call.whole("iteration", 0)));
            }
            call.object("ui_cache").ifPresent(cache -> changes.set("ui_cache", cache));
            if (!changes.isEmpty()) {
                changes.set("last_update", stores.now()).set("last_change", stores.now());
                stores.models().save(session, changes.document());
            }
            return changes.answer();
        });
    }

    private void write(Session session, Call call, Changes changes) {
        TEXTS.forEach(member -> call.text(member).ifPresent(text -> changes.set(member, text)));
        for (String member : List.of("design", "labels")) {
            call.object(member).ifPresent(value -> changes.set(member, value));
        }
        for (String member : List.of("tags", "system_tags")) {
            if (call.has(member)) {
                changes.set(member, Names.tags(call.arguments().path(member)));
            }
        }
        if (call.has("metadata")) {
            changes.set(
                    "metadata", Metadata.items(Json.object(), call.arguments().path("metadata")));
        }
        call.text("task").filter(task -> !task.isEmpty()).ifPresent(task -> {
            if (!stores.tasks().exists(session, task)) {
                throw Stores.unknownTask(task);
            }
            changes.set("task", task);
        });
        call.text("project").filter(project -> !project.isEmpty()).ifPresent(project -> {
            if (stores.projects().find(session, project).isEmpty()) {
                throw Refusal.invalid("Invalid project ids: " + project);
            }
            changes.set("project", project);
        });
    }

    private ObjectNode byId(Call call) {
        String id = call.required("model");
        ObjectNode answer = Json.object();
        stores.database().read(session -> answer.set("model", shown(call, stores.model(session, id))));
        return answer;
    }

    private static ObjectNode shown(Call call, ObjectNode model) {
        if (call.version().compareTo(ApiVersion.of(2, 16)) <= 0) {
            model.putArray("metadata");
        }
        return model;
    }

    private ObjectNode byIdExtended(Call call) {
        call.requiredTexts("id");
        return find(call, true);
    }

    private ObjectNode find(Call call, boolean extended) {
        boolean counted = extended && call.flag("include_stats", false);
        ObjectNode answer = Json.object();
        stores.database().read(session -> {
            tree.widen(session, call);
            Query query = Query.of(Kind.MODEL, call.arguments());
            List<ObjectNode> found = lists.find(session, query, stores.models(), Condition.ALL, call, answer);
            found.forEach(model -> shown(call, model));
            var projected = query.project(found);
            if (extended) {
                References references = new References(stores, session, call.arguments());
                for (int i = 0; i < projected.size(); i++) {
                    references.expand((ObjectNode) projected.get(i), found.get(i));
                    if (counted) {
                        ((ObjectNode) projected.get(i))
                                .putObject("stats")
                                .put("labels_count", found.get(i).path("labels").size());
                    }
                }
            }
            return answer.set("models", projected);
        });
        return answer;
    }

    private ObjectNode frameworks(Call call) {
        List<String> projects = call.texts("projects");
        Subset inside = projects.isEmpty() ? Subset.ALL : new Subset("project", projects);
        ObjectNode answer = Json.object();
        answer.set(
                "frameworks",
                Names.list(stores.database()
                        .read(session -> Vocabulary.values(session, Vocabulary.Table.MODEL, "framework", inside))));
        return answer;
    }

    private ObjectNode setReady(Call call) {
        String id = call.required("model");
        return setReady(call, id, call.flag("publish_task", true));
    }

    private ObjectNode publish(Call call) {
        return setReady(call, call.required("model"), call.flag("publish_tasks", true));
    }

    private ObjectNode setReady(Call call, String id, boolean publishTask) {
        boolean force = call.flag("force_publish_task", false);
        return stores.database().write(session -> {
            ObjectNode model = stores.model(session, id);
            if (model.path("ready").asBoolean(true)) {
                throw Refusal.bad(203, "Model is ready: id=" + id);
            }
            ObjectNode answer = Json.object().put("updated", 1);
            answer.putObject("fields");
            String task = model.path("task").asString("");
            if (publishTask && stores.tasks().exists(session, task)) {
                StatusChange change = StatusChange.of(call, TaskStatus.PUBLISHED);
                ObjectNode published =
                        TaskStatusEndpoints.publish(stores, session, task, force ? change.forced() : change);
                ObjectNode shown = answer.putObject("published_task").put("id", task);
                shown.set("data", published);
            }
            stores.models().save(session, model.put("ready", true).put("last_update", stores.now()));
            return answer;
        });
    }

    private ObjectNode delete(Call call) {
        String id = call.required("model");
        return stores.database().write(session -> {
            ObjectNode model = stores.model(session, id);
            if (!call.force()) {
                requireUnused(session, id, model.path("task").asString(""));
            }
            stores.models().delete(session, id);
            stores.events().deleteAll(session, id);
            return Json.object()
                    .put("deleted", true)
                    .put("url", model.path("uri").asString(""));
        });
    }

    private void requireUnused(Session session, String id, String maker) {
        stores.tasks().find(session, maker).ifPresent(task -> {
            if (StatusChange.present(task) == TaskStatus.PUBLISHED) {
                throw Refusal.bad(206, "Model's creating task exists and is published: id=" + id + ", task=" + maker);
            }
        });
        long users = session.number("""
            SELECT count(*) FROM task, json_each(task.doc, '$.models.input') AS link
            WHERE json_extract(link.value, '$.model') = ?\
            """, id);
        if (users > 0) {
            throw Refusal.bad(205, "Model is in use: id=" + id);
        }
    }

    private ObjectNode archive(Call call, boolean archived) {
        String id = call.required("model");
        return stores.database().write(session -> {
            ObjectNode model = stores.model(session, id);
            JsonNode tags = model.path("system_tags");
            model.set("system_tags", archived ? Names.with(tags, "archived") : Names.without(tags, "archived"));
            stores.models().save(session, model.put("last_update", stores.now()));
            return Json.object();
        });
    }

    private ObjectNode addMetadata(Call call) {
        String id = call.required("model");
        return stores.database().write(session -> {
            ObjectNode model = stores.model(session, id);
            Metadata.add(call, model);
            stores.models().save(session, model.put("last_update", stores.now()));
            return Json.object().put("updated", 1);
        });
    }

    private ObjectNode deleteMetadata(Call call) {
        String id = call.required("model");
        return stores.database().write(session -> {
            ObjectNode model = stores.model(session, id);
            Metadata.delete(call, model);
            stores.models().save(session, model);
            return Json.object().put("updated", 1);
        });
    }
}
