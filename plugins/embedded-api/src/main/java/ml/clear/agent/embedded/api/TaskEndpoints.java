// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import ml.clear.agent.embedded.store.Condition;
import ml.clear.agent.embedded.store.DocumentSource;
import ml.clear.agent.embedded.store.Json;
import ml.clear.agent.embedded.store.Kind;
import ml.clear.agent.embedded.store.Query;
import ml.clear.agent.embedded.store.Refusal;
import ml.clear.agent.embedded.store.Session;
import ml.clear.agent.embedded.store.Slices;
import ml.clear.agent.embedded.store.Subset;
import ml.clear.agent.embedded.store.TaskDocuments;
import ml.clear.agent.embedded.store.Vocabulary;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Tasks: made, read, edited. */
final class TaskEndpoints {

    private static final int TOGETHER = 20;

    private final Stores stores;
    private final TaskEditor editor;
    private final ProjectTree tree;
    private final Lists lists;

    private TaskEndpoints(Stores stores, TaskEditor editor, ProjectTree tree, Lists lists) {
        this.stores = stores;
        this.editor = editor;
        this.tree = tree;
        this.lists = lists;
    }

    static void register(Routes routes, Stores stores, TaskEditor editor, ProjectTree tree, Lists lists) {
        TaskEndpoints tasks = new TaskEndpoints(stores, editor, tree, lists);
        routes.add("tasks.create", tasks::create)
                .add("tasks.validate", tasks::validate)
                .add("tasks.get_by_id", tasks::byId)
                .add("tasks.get_all", tasks::all)
                .add("tasks.get_all_ex", tasks::allExtended)
                .add("tasks.get_by_id_ex", tasks::byIdExtended)
                .add("tasks.get_types", tasks::types)
                .add("tasks.edit", tasks::edit)
                .add("tasks.update", tasks::update)
                .add(new Endpoint(
                        "tasks.update_batch", ApiVersion.FIRST, Set.of(Endpoint.Trait.BATCH), tasks::updateBatch))
                .add("tasks.set_requirements", tasks::setRequirements)
                .add("tasks.edit_runtime", tasks::editRuntime);
    }

    private ObjectNode create(Call call) {
        return stores.database().write(session -> {
            ObjectNode task = shaped(session, call);
            stores.tasks().insert(session, task);
            return Json.object().put("id", task.path("id").stringValue());
        });
    }

    private ObjectNode validate(Call call) {
        stores.database().read(session -> shaped(session, call));
        return Json.object();
    }

    private ObjectNode shaped(Session session, Call call) {
        call.required("name");
        call.required("type");
        Changes changes = new Changes(editor.blank());
        editor.common(session, LegacyView.fromRequest(call), changes);
        editor.content(session, LegacyView.fromRequest(call), changes);
        return changes.document();
    }

    private ObjectNode byId(Call call) {
        String id = call.required("task");
        ObjectNode answer = Json.object();
        stores.database().read(session -> {
            ObjectNode task = TaskDocuments.withMetrics().find(session, id).orElseThrow(() -> Stores.unknownTask(id));
            return answer.set("task", LegacyView.of(call.version(), task));
        });
        return answer;
    }

    private ObjectNode all(Call call) {
        return find(call, false);
    }

    private ObjectNode allExtended(Call call) {
        return find(call, true);
    }

    private ObjectNode byIdExtended(Call call) {
        call.requiredTexts("id");
        return find(call, true);
    }

    private ObjectNode find(Call call, boolean extended) {
        ObjectNode answer = Json.object();
        stores.database().read(session -> {
            tree.widen(session, call);
            Query query = Query.of(Kind.TASK, call.arguments());
            DocumentSource source = TaskDocuments.shown(query.projection());
            List<String> ids = lists.ids(session, query, Condition.ALL, call, answer);
            // Read as they are written: a page holds up to five hundred tasks, and a task may hold megabytes.
            return answer.set("tasks", Json.list(new Slices<>(stores.database(), ids, (own, slice, tasks) -> {
                List<String> few = slice.subList(0, Math.min(TOGETHER, slice.size()));
                References references = new References(stores, own, call.arguments());
                for (ObjectNode task : query.documents(own, source, few)) {
                    LegacyView.of(call.version(), task);
                    ObjectNode shown = query.projection().apply(task);
                    if (extended) {
                        references.expand(shown, task);
                    }
                    tasks.add(shown);
                }
                return few.size();
            })));
        });
        return answer;
    }

    private ObjectNode types(Call call) {
        List<String> projects = call.texts("projects");
        Subset inside = projects.isEmpty() ? Subset.ALL : new Subset("project", projects);
        ObjectNode answer = Json.object();
        answer.set(
                "types",
                Names.list(stores.database()
                        .read(session -> Vocabulary.values(session, Vocabulary.Table.TASK, "type", inside))));
        return answer;
    }

    private ObjectNode edit(Call given) {
        Call call = LegacyView.fromRequest(given);
        String id = call.required("task");
        boolean force = call.force();
        Optional<TaskStatus> status = call.text("status")
                .map(word -> TaskStatus.of(word)
                        .orElseThrow(() -> Refusal.invalid("'" + word + "' is no status of a task")));
        return stores.database().write(session -> {
            ObjectNode task = stores.task(session, id);
            if (!force && StatusChange.present(task) != TaskStatus.CREATED) {
                throw StatusChange.refusal(
                        task, "it is " + StatusChange.present(task).word() + " and cannot be edited without force");
            }
            Changes changes = new Changes(task);
            editor.common(session, call, changes);
            boolean content = editor.content(session, call, changes);
            status.ifPresent(word -> changes.set("status", word.word()));
            return finish(session, changes, content || status.isPresent());
        });
    }

    private ObjectNode update(Call call) {
        return stores.database().write(session -> update(session, call));
    }

    private ObjectNode update(Session session, Call call) {
        Changes changes = new Changes(stores.task(session, call.required("task")));
        editor.common(session, call, changes);
        call.text("status_message").ifPresent(text -> changes.set("status_message", text));
        call.text("output__error").ifPresent(text -> changes.setInside("output", "error", text));
        return finish(session, changes, false);
    }

    private ObjectNode updateBatch(Call call) {
        // Read before the transaction: the writer must not wait for a slow caller.
        List<JsonNode> lines = new ArrayList<>();
        call.lines().forEach(lines::add);
        return stores.database().write(session -> {
            int updated = 0;
            for (JsonNode line : lines) {
                updated += update(session, call.with((ObjectNode) line))
                        .path("updated")
                        .asInt();
            }
            return Json.object().put("updated", updated);
        });
    }

    private ObjectNode finish(Session session, Changes changes, boolean touchesUpdate) {
        if (changes.isEmpty()) {
            return changes.answer();
        }
        String now = stores.now();
        changes.set("last_change", now).set("last_changed_by", Caller.USER);
        if (touchesUpdate) {
            changes.set("last_update", now);
        }
        stores.tasks().save(session, changes.document());
        return changes.answer();
    }

    private ObjectNode setRequirements(Call call) {
        ObjectNode requirements =
                call.object("requirements").orElseThrow(() -> Refusal.invalid("missing field 'requirements'"));
        ObjectNode answer = editor.edit(
                call.required("task"),
                task -> {},
                task -> Json.objectIn(task, "script").set("requirements", requirements));
        answer.putObject("fields");
        return answer;
    }

    private ObjectNode editRuntime(Call call) {
        ObjectNode put = call.object("add_or_update").orElseGet(Json::object);
        List<String> remove = call.texts("remove");
        return editor.edit(call.required("task"), TaskEndpoints::requireAlive, task -> {
            ObjectNode runtime = Json.objectIn(task, "runtime");
            Json.merge(runtime, put);
            remove.forEach(runtime::remove);
        });
    }

    /** Created, queued or in progress; else 400/110. */
    static void requireAlive(ObjectNode task) {
        TaskStatus present = StatusChange.present(task);
        if (!Set.of(TaskStatus.CREATED, TaskStatus.QUEUED, TaskStatus.IN_PROGRESS)
                .contains(present)) {
            throw StatusChange.refusal(task, "it is " + present.word() + " and takes no change");
        }
    }
}
