// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import java.util.List;
import java.util.Optional;
import ml.clear.agent.embedded.store.Condition;
import ml.clear.agent.embedded.store.Database;
import ml.clear.agent.embedded.store.Json;
import ml.clear.agent.embedded.store.Kind;
import ml.clear.agent.embedded.store.Query;
import ml.clear.agent.embedded.store.Refusal;
import ml.clear.agent.embedded.store.Session;
import ml.clear.agent.embedded.store.Subset;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Projects: a tree of names. */
final class ProjectEndpoints {

    private static final String ARCHIVED = "archived";
    /** Documents that are removed in one transaction. */
    private static final int TOGETHER = 20;

    private final Stores stores;
    private final ProjectTree tree;
    private final Lists lists;
    private final OwnFiles files;
    private final TaskRemoval removal;

    private ProjectEndpoints(Stores stores, ProjectTree tree, Lists lists, OwnFiles files) {
        this.stores = stores;
        this.tree = tree;
        this.lists = lists;
        this.files = files;
        this.removal = new TaskRemoval(stores);
    }

    static void register(Routes routes, Stores stores, ProjectTree tree, Lists lists, OwnFiles files) {
        ProjectEndpoints projects = new ProjectEndpoints(stores, tree, lists, files);
        routes.add("projects.create", projects::create)
                .add("projects.get_by_id", projects::byId)
                .add("projects.get_all", call -> projects.find(call, false))
                .add("projects.get_all_ex", call -> projects.find(call, true))
                .add("projects.update", projects::update)
                .add("projects.delete", projects::delete)
                .add("projects.validate_delete", projects::validateDelete);
    }

    private ObjectNode create(Call call) {
        String name = call.required("name");
        return stores.database().write(session -> {
            ObjectNode project = tree.create(session, name);
            call.text("description").ifPresent(text -> project.put("description", text));
            call.text("default_output_destination").ifPresent(text -> project.put("default_output_destination", text));
            for (String member : List.of("tags", "system_tags")) {
                if (call.has(member)) {
                    project.set(member, Names.tags(call.arguments().path(member)));
                }
            }
            stores.projects().save(session, project);
            return Json.object().put("id", project.path("id").stringValue());
        });
    }

    private ObjectNode byId(Call call) {
        String id = call.required("project");
        ObjectNode answer = Json.object();
        answer.set("project", stores.database().read(session -> stores.project(session, id)));
        return answer;
    }

    private ObjectNode find(Call call, boolean extended) {
        ObjectNode request = call.arguments();
        if (call.flag("shallow_search", false) && !call.has("parent")) {
            request.putArray("parent").addNull();
        }
        Query query = Query.of(Kind.PROJECT, request);
        boolean withPath = Json.text(request.path("only_fields")).contains("\"path\"");
        Optional<ProjectSelection> selection = extended ? Optional.of(new ProjectSelection(call)) : Optional.empty();
        Optional<ProjectStatistics> statistics =
                extended ? Optional.of(new ProjectStatistics(stores, tree, call)) : Optional.empty();
        ObjectNode answer = Json.object();
        stores.database().read(session -> {
            Condition selected = selection.map(ProjectSelection::condition).orElse(Condition.ALL);
            List<ObjectNode> found = lists.find(session, query, stores.projects(), selected, call, answer);
            if (!withPath) {
                found.forEach(project -> project.remove("path"));
            }
            List<String> ids = found.stream()
                    .map(project -> project.path("id").stringValue())
                    .toList();
            ArrayNode projected = query.project(found);
            statistics.ifPresent(wanted -> extend(session, wanted, projected, ids));
            return answer.set("projects", projected);
        });
        return answer;
    }

    private static void extend(Session session, ProjectStatistics statistics, ArrayNode projects, List<String> ids) {
        for (int i = 0; i < ids.size(); i++) {
            ObjectNode project = (ObjectNode) projects.get(i);
            project.put("id", ids.get(i));
            statistics.addTo(session, project, ids.get(i));
        }
    }

    private ObjectNode update(Call call) {
        String id = call.required("project");
        return stores.database().write(session -> {
            Changes changes = new Changes(stores.project(session, id));
            call.text("name").ifPresent(name -> {
                tree.rename(session, changes.document(), name);
                changes.set("name", changes.document().path("name"));
            });
            for (String member : List.of("description", "default_output_destination")) {
                call.text(member).ifPresent(text -> changes.set(member, text));
            }
            for (String member : List.of("tags", "system_tags")) {
                if (call.has(member)) {
                    changes.set(member, Names.tags(call.arguments().path(member)));
                }
            }
            if (changes.isEmpty()) {
                return changes.answer().put("updated", 1);
            }
            changes.set("last_update", stores.now());
            stores.projects().save(session, changes.document());
            return changes.answer();
        });
    }

    private ObjectNode delete(Call call) {
        String id = call.required("project");
        boolean force = call.force();
        boolean contents = call.flag("delete_contents", false);
        FileUrls urls = new FileUrls(call);
        Database database = stores.database();
        List<String> family = database.read(session -> {
            stores.project(session, id);
            List<String> members = tree.family(session, id);
            if (!force) {
                requireArchived(session, id, new Subset("project", members));
            }
            return members;
        });
        Subset inside = new Subset("project", family);
        long tasks = Bulk.all(
                database,
                session -> contents
                        ? removeTasks(session, inside, urls)
                        : Bulk.move(session, stores.tasks(), inside, null));
        long models = Bulk.all(
                database,
                session -> contents
                        ? removeModels(session, inside, urls)
                        : Bulk.move(session, stores.models(), inside, null));
        ObjectNode answer = Json.object()
                .put("deleted", 1)
                .put("disassociated_tasks", contents ? 0 : tasks)
                .put("deleted_tasks", contents ? tasks : 0)
                .put("deleted_models", contents ? models : 0);
        return urls.finish(files, database.write(session -> {
            // What was added meanwhile is kept, outside of projects.
            stores.tasks().put(session, "project", null, inside);
            stores.models().put(session, "project", null, inside);
            family.forEach(member -> stores.projects().delete(session, member));
            return answer;
        }));
    }

    private void requireArchived(Session session, String id, Subset inside) {
        if (stores.tasks().countWithoutTag(session, ARCHIVED, inside) > 0) {
            throw Refusal.bad(402, "Project has associated tasks: id=" + id);
        }
        if (stores.models().countWithoutTag(session, ARCHIVED, inside) > 0) {
            throw Refusal.bad(405, "Project has associated models: id=" + id);
        }
    }

    /** One document is in memory at a time: each may hold megabytes. */
    private int removeTasks(Session session, Subset inside, FileUrls urls) {
        List<String> ids = stores.tasks().ids(session, inside, TOGETHER);
        ids.forEach(id -> removal.remove(session, stores.task(session, id), false, urls));
        return ids.size();
    }

    private int removeModels(Session session, Subset inside, FileUrls urls) {
        List<String> ids = stores.models().ids(session, inside, TOGETHER);
        for (String id : ids) {
            urls.addModel(stores.model(session, id));
            stores.models().delete(session, id);
            stores.events().deleteAll(session, id);
        }
        return ids.size();
    }

    private ObjectNode validateDelete(Call call) {
        String id = call.required("project");
        return stores.database().read(session -> {
            stores.project(session, id);
            List<String> family = tree.family(session, id);
            Subset inside = new Subset("project", family);
            ObjectNode answer = Json.object()
                    .put("tasks", stores.tasks().count(session, inside))
                    .put("non_archived_tasks", stores.tasks().countWithoutTag(session, ARCHIVED, inside))
                    .put("models", stores.models().count(session, inside))
                    .put("non_archived_models", stores.models().countWithoutTag(session, ARCHIVED, inside));
            for (String kind : List.of("reports", "pipelines", "datasets")) {
                String tag = kind.substring(0, kind.length() - 1);
                answer.put(
                        kind,
                        stores.tasks().count(session, inside) - stores.tasks().countWithoutTag(session, tag, inside));
            }
            return answer;
        });
    }
}
