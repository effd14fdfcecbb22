// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import ml.clear.agent.embedded.store.DocumentStore;
import ml.clear.agent.embedded.store.Json;
import ml.clear.agent.embedded.store.Kind;
import ml.clear.agent.embedded.store.Narrowing;
import ml.clear.agent.embedded.store.Query;
import ml.clear.agent.embedded.store.Refusal;
import ml.clear.agent.embedded.store.Session;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Projects: a tree of names. */
final class ProjectEndpoints {

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
                .add("projects.delete", projects::delete);
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
        Optional<ProjectSelection> selection =
                extended ? Optional.of(new ProjectSelection(stores, tree, call)) : Optional.empty();
        Optional<ProjectStatistics> statistics =
                extended ? Optional.of(new ProjectStatistics(stores, tree, call)) : Optional.empty();
        ObjectNode answer = Json.object();
        stores.database().read(session -> {
            List<ObjectNode> found = lists.find(
                    session,
                    query,
                    stores.projects(),
                    project -> selection
                            .map(wanted -> wanted.includes(session, project))
                            .orElse(true),
                    call,
                    answer);
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
        return urls.finish(files, stores.database().write(session -> {
            stores.project(session, id);
            List<String> family = tree.family(session, id);
            List<ObjectNode> tasks = inside(session, family, stores.tasks());
            List<ObjectNode> models = inside(session, family, stores.models());
            if (!force && tasks.stream().anyMatch(task -> !archived(task))) {
                throw Refusal.bad(402, "Project has associated tasks: id=" + id);
            }
            if (!force && models.stream().anyMatch(model -> !archived(model))) {
                throw Refusal.bad(405, "Project has associated models: id=" + id);
            }
            tasks.forEach(task -> leave(session, task, contents, urls));
            models.forEach(model -> leaveModel(session, model, contents, urls));
            family.forEach(member -> stores.projects().delete(session, member));
            return Json.object()
                    .put("deleted", 1)
                    .put("disassociated_tasks", contents ? 0 : tasks.size())
                    .put("deleted_tasks", contents ? tasks.size() : 0)
                    .put("deleted_models", contents ? models.size() : 0);
        }));
    }

    private void leave(Session session, ObjectNode task, boolean delete, FileUrls urls) {
        if (delete) {
            removal.remove(session, task, false, urls);
        } else {
            task.remove("project");
            stores.tasks().save(session, task);
        }
    }

    private void leaveModel(Session session, ObjectNode model, boolean delete, FileUrls urls) {
        if (delete) {
            String id = model.path("id").stringValue();
            urls.addModel(model);
            stores.models().delete(session, id);
            stores.events().deleteAll(session, id);
        } else {
            model.remove("project");
            stores.models().save(session, model);
        }
    }

    private static boolean archived(JsonNode document) {
        return Names.contains(document.path("system_tags"), "archived");
    }

    private static List<ObjectNode> inside(Session session, List<String> projects, DocumentStore store) {
        List<ObjectNode> found = new ArrayList<>();
        store.each(session, new Narrowing("project", projects), found::add);
        return found;
    }
}
