// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import ml.clear.agent.embedded.store.Database;
import ml.clear.agent.embedded.store.DocumentStore;
import ml.clear.agent.embedded.store.Json;
import ml.clear.agent.embedded.store.Refusal;
import ml.clear.agent.embedded.store.Session;
import ml.clear.agent.embedded.store.Subset;
import tools.jackson.databind.node.ObjectNode;

/** Tasks and models put into other projects, and projects put elsewhere in their tree. */
final class MoveEndpoints {

    private final Stores stores;
    private final ProjectTree tree;

    private MoveEndpoints(Stores stores, ProjectTree tree) {
        this.stores = stores;
        this.tree = tree;
    }

    static void register(Routes routes, Stores stores, ProjectTree tree) {
        MoveEndpoints moves = new MoveEndpoints(stores, tree);
        routes.add("tasks.move", call -> moves.contents(call, stores.tasks(), Stores::task))
                .add("models.move", call -> moves.contents(call, stores.models(), Stores::model))
                .add("projects.move", moves::project)
                .add("projects.merge", moves::merge);
    }

    private interface Finder {
        ObjectNode find(Stores stores, Session session, String id);
    }

    private ObjectNode contents(Call call, DocumentStore store, Finder finder) {
        List<String> ids = call.requiredTexts("ids");
        if (call.has("project") == call.has("project_name") && (call.has("project") || !rootIsNamed(call))) {
            throw Refusal.invalid("either 'project' or 'project_name' is needed");
        }
        return stores.database().write(session -> {
            Optional<String> target = target(session, call);
            String now = stores.now();
            for (String id : ids) {
                ObjectNode document = finder.find(stores, session, id);
                target.ifPresentOrElse(project -> document.put("project", project), () -> document.remove("project"));
                document.put("last_update", now);
                if (document.has("last_change")) {
                    document.put("last_change", now).put("last_changed_by", Caller.USER);
                }
                store.save(session, document);
            }
            ObjectNode answer = Json.object();
            target.ifPresentOrElse(project -> answer.put("project_id", project), () -> answer.putNull("project_id"));
            return answer;
        });
    }

    /** A null project is the place above all projects. */
    private static boolean rootIsNamed(Call call) {
        return call.arguments().path("project").isNull();
    }

    private Optional<String> target(Session session, Call call) {
        Optional<String> name = call.text("project_name");
        if (name.isPresent()) {
            return name.map(
                    given -> tree.findOrCreate(session, given).path("id").stringValue());
        }
        return call.text("project")
                .filter(id -> !id.isEmpty())
                .map(id -> stores.project(session, id).path("id").stringValue());
    }

    private ObjectNode project(Call call) {
        String id = call.required("project");
        String location = call.text("new_location", "");
        return stores.database()
                .write(session ->
                        Json.object().put("moved", tree.move(session, stores.project(session, id), location)));
    }

    private ObjectNode merge(Call call) {
        String id = call.required("project");
        String destination = call.required("destination_project");
        stores.database().read(session -> {
            stores.project(session, id);
            stores.project(session, destination);
            if (tree.family(session, id).contains(destination)) {
                throw Refusal.bad(
                        id.equals(destination) ? 410 : 412,
                        "A project cannot be merged into itself or below itself: id=" + id + ", destination="
                                + destination);
            }
            return true;
        });
        Merged merged = merge(id, destination);
        return Json.object().put("moved_entities", merged.entities()).put("moved_projects", merged.projects());
    }

    private record Merged(long entities, long projects) {

        Merged plus(Merged other) {
            return new Merged(entities + other.entities, projects + other.projects);
        }
    }

    private Merged merge(String from, String to) {
        Database database = stores.database();
        Subset inside = Subset.of("project", from);
        Merged merged = new Merged(
                Bulk.all(database, session -> Bulk.move(session, stores.tasks(), inside, to))
                        + Bulk.all(database, session -> Bulk.move(session, stores.models(), inside, to)),
                0);
        for (ObjectNode child : children(from)) {
            String name = child.path("basename").asString("");
            Optional<ObjectNode> twin = children(to).stream()
                    .filter(other -> other.path("basename").asString("").equals(name))
                    .findFirst();
            if (twin.isPresent()) {
                merged = merged.plus(merge(
                        child.path("id").stringValue(), twin.get().path("id").stringValue()));
            } else {
                merged = merged.plus(new Merged(0, database.write(session -> {
                    String parent = stores.project(session, to).path("name").stringValue();
                    return tree.move(session, child, parent);
                })));
            }
        }
        database.write(session -> {
            // What was added meanwhile follows.
            stores.tasks().put(session, "project", to, inside);
            stores.models().put(session, "project", to, inside);
            return stores.projects().delete(session, from);
        });
        return merged;
    }

    private List<ObjectNode> children(String project) {
        List<ObjectNode> children = new ArrayList<>();
        stores.database().read(session -> {
            stores.projects().each(session, Subset.of("parent", project), children::add);
            return children;
        });
        return children;
    }
}
