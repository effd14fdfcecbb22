// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import java.util.List;
import java.util.Optional;
import ml.clear.agent.embedded.store.Condition;
import ml.clear.agent.embedded.store.Json;
import ml.clear.agent.embedded.store.Kind;
import ml.clear.agent.embedded.store.Query;
import ml.clear.agent.embedded.store.Refusal;
import tools.jackson.databind.node.ObjectNode;

/** Which projects {@code projects.get_all_ex} shows beyond what its filters say: by their users and by what they hold. */
final class ProjectSelection {

    private final List<String> users;
    private final Optional<Query> children;
    private final boolean reports;

    ProjectSelection(Call call) {
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
    Condition condition() {
        Condition active = Condition.ALL;
        if (!users.isEmpty()) {
            active =
                    users.contains(Caller.USER) ? holding(Condition.of("SELECT project FROM task")) : Condition.of("0");
        }
        return children.map(query -> holding(query.condition().inside(selected(), "")))
                .map(active::and)
                .orElse(active);
    }

    /** The projects that hold what is wanted, or are it. */
    private String selected() {
        return reports
                ? "SELECT t.project FROM task AS t JOIN task_live AS l ON l.id = t.id WHERE "
                : "SELECT t.id FROM project AS t WHERE ";
    }

    /** Whether a project, or one below it, is among some. */
    private static Condition holding(Condition projects) {
        return projects.inside(
                "t.id IN (WITH found (id) AS (",
                ") SELECT id FROM found UNION SELECT above.value FROM found JOIN project AS p ON p.id = found.id,"
                        + " json_each(p.doc, '$.path') AS above)");
    }
}
