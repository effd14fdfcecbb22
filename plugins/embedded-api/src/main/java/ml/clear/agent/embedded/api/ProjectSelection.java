// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import java.util.List;
import java.util.Optional;
import ml.clear.agent.embedded.store.Json;
import ml.clear.agent.embedded.store.Kind;
import ml.clear.agent.embedded.store.Narrowing;
import ml.clear.agent.embedded.store.Query;
import ml.clear.agent.embedded.store.Refusal;
import ml.clear.agent.embedded.store.Session;
import tools.jackson.databind.node.ObjectNode;

/** Which projects {@code projects.get_all_ex} shows beyond what its filters say: by their users and by what they hold. */
final class ProjectSelection {

    private final Stores stores;
    private final ProjectTree tree;
    private final List<String> users;
    private final Optional<Query> children;
    private final boolean reports;

    ProjectSelection(Stores stores, ProjectTree tree, Call call) {
        this.stores = stores;
        this.tree = tree;
        users = call.texts("active_users");
        Optional<String> type = call.text("children_type");
        reports = type.filter("report"::equals).isPresent();
        children = type.map(name -> children(name, call));
    }

    private static Query children(String type, Call call) {
        if (!List.of("pipeline", "report", "dataset").contains(type)) {
            throw Refusal.invalid("'children_type' must be pipeline, report or dataset");
        }
        ObjectNode request = Json.object().put("search_hidden", true);
        if (type.equals("report")) {
            request.putArray("type").add(type);
        } else {
            request.putArray("system_tags").add(type);
        }
        if (call.has("children_tags")) {
            request.set("tags", call.arguments().path("children_tags"));
        }
        call.object("children_tags_filter")
                .ifPresent(filter -> request.putObject("filters").set("tags", filter));
        return Query.of(type.equals("report") ? Kind.TASK : Kind.PROJECT, request);
    }

    /** Whether a project is shown. */
    boolean includes(Session session, ObjectNode project) {
        if (users.isEmpty() && children.isEmpty()) {
            return true;
        }
        List<String> family = tree.family(session, project.path("id").stringValue());
        Narrowing inside = new Narrowing("project", family);
        boolean active = users.isEmpty()
                || (users.contains(Caller.USER) && stores.tasks().count(session, inside) > 0);
        return active
                && children.map(query -> reports
                                ? !query.ids(
                                                session,
                                                stores.tasks(),
                                                task -> family.contains(
                                                        task.path("project").asString("")))
                                        .isEmpty()
                                : family.stream()
                                        .map(id -> stores.project(session, id))
                                        .anyMatch(query::matches))
                        .orElse(true);
    }
}
