// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import ml.clear.agent.embedded.store.Condition;
import ml.clear.agent.embedded.store.Json;
import ml.clear.agent.embedded.store.Kind;
import ml.clear.agent.embedded.store.Query;
import ml.clear.agent.embedded.store.Refusal;
import ml.clear.agent.embedded.store.Session;
import ml.clear.agent.embedded.store.Subset;
import ml.clear.agent.embedded.store.Timestamps;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The additional data of {@code projects.get_all_ex} about a project: its descendants and their contents. */
final class ProjectStatistics {

    private static final String ARCHIVED = "archived";
    private static final String ACTIVE = "active";
    private static final List<String> PARTS = List.of(ACTIVE, ARCHIVED);
    private static final Duration LATELY = Duration.ofHours(24);

    private final Stores stores;
    private final ProjectTree tree;
    private final boolean stats;
    private final boolean withChildren;
    private final boolean own;
    private final boolean dataSets;
    private final Optional<String> state;
    private final Query counted;

    /** The statistics that a call requests. */
    ProjectStatistics(Stores stores, ProjectTree tree, Call call) {
        this.stores = stores;
        this.tree = tree;
        stats = call.flag("include_stats", false);
        withChildren = call.flag("stats_with_children", true);
        own = call.flag("check_own_contents", false);
        dataSets = call.flag("include_dataset_stats", false);
        state = call.text("stats_for_state").filter(word -> !word.equals("all"));
        if (state.filter(word -> !PARTS.contains(word)).isPresent()) {
            throw Refusal.invalid("'stats_for_state' must be active, archived or all");
        }
        ObjectNode filter =
                call.object("include_stats_filter").orElseGet(Json::object).deepCopy();
        counted = Query.of(Kind.TASK, filter.put("search_hidden", true));
    }

    /** Add it to the answer about a project. */
    void addTo(Session session, ObjectNode answer, String id) {
        if (stats) {
            List<String> family = tree.family(session, id);
            answer.set("stats", counted(session, withChildren ? family : List.of(id)));
            ArrayNode below = answer.putArray("sub_projects");
            family.stream()
                    .skip(1)
                    .map(member -> stores.project(session, member))
                    .forEach(member -> {
                        ObjectNode shown = below.addObject();
                        shown.set("id", member.path("id"));
                        shown.set("name", member.path("name"));
                    });
        }
        if (own) {
            Subset inside = Subset.of("project", id);
            answer.put("own_tasks", stores.tasks().count(session, inside))
                    .put("own_models", stores.models().count(session, inside));
        }
        if (dataSets) {
            addDataSet(session, answer, id);
        }
    }

    /** The size of a data set is that of its newest version. */
    private void addDataSet(Session session, ObjectNode answer, String id) {
        session.first(
                        "SELECT json_extract(doc, '$.runtime.ds_file_count'), json_extract(doc,"
                                + " '$.runtime.ds_total_size') FROM task WHERE project = ? AND EXISTS (SELECT 1 FROM"
                                + " json_each(doc, '$.system_tags') WHERE value = 'dataset') ORDER BY seq DESC LIMIT 1",
                        row -> Json.object().put("file_count", row.getLong(1)).put("total_size", row.getLong(2)),
                        id)
                .ifPresent(version -> answer.set("dataset_stats", version));
    }

    private ObjectNode counted(Session session, List<String> family) {
        ObjectNode stats = Json.object();
        for (String part : PARTS) {
            if (state.filter(wanted -> !wanted.equals(part)).isEmpty()) {
                ObjectNode counts = stats.putObject(part)
                        .put("total_tasks", 0)
                        .put("total_runtime", 0)
                        .put("completed_tasks_24h", 0)
                        .putObject("status_count");
                for (TaskStatus status : TaskStatus.values()) {
                    counts.put(status.word(), 0);
                }
            }
        }
        Condition wanted = Condition.in("t.project", family).and(counted.condition());
        session.each(
                "SELECT t.archived, t.status, count(*), sum(l.active_duration), sum(t.completed > ?) FROM task AS t"
                        + " JOIN task_live AS l ON l.id = t.id WHERE " + wanted.sql()
                        + " GROUP BY t.archived, t.status",
                row -> {
                    if (stats.get(row.getInt(1) > 0 ? ARCHIVED : ACTIVE) instanceof ObjectNode counts) {
                        increase(counts, "total_tasks", row.getLong(3));
                        increase(counts, "total_runtime", row.getLong(4));
                        increase(counts, "completed_tasks_24h", row.getLong(5));
                        increase(Json.objectIn(counts, "status_count"), row.getString(2), row.getLong(3));
                    }
                    return true;
                },
                arguments(wanted));
        return stats;
    }

    private Object[] arguments(Condition wanted) {
        List<Object> arguments = new ArrayList<>();
        arguments.add(Timestamps.text(stores.clock().instant().minus(LATELY)));
        arguments.addAll(wanted.arguments());
        return arguments.toArray();
    }

    private static void increase(ObjectNode counts, String member, long by) {
        counts.put(member, counts.path(member).asLong(0) + by);
    }
}
