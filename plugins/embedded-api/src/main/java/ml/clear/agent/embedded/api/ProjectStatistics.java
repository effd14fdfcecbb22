// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import ml.clear.agent.embedded.store.Json;
import ml.clear.agent.embedded.store.Narrowing;
import ml.clear.agent.embedded.store.Session;
import ml.clear.agent.embedded.store.Timestamps;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What {@code projects.get_all_ex} says about a project beyond its document: its descendants and what is in them. */
final class ProjectStatistics {

    private static final String ARCHIVED = "archived";
    private static final String ACTIVE = "active";
    private static final Duration LATELY = Duration.ofHours(24);

    private final Stores stores;
    private final ProjectTree tree;

    ProjectStatistics(Stores stores, ProjectTree tree) {
        this.stores = stores;
        this.tree = tree;
    }

    /** Add what the request asks for. */
    void addTo(Session session, Call call, ObjectNode answer, String id) {
        if (call.flag("include_stats", false)) {
            List<String> family = tree.family(session, id);
            answer.set("stats", counted(session, family, call.text("stats_for_state")));
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
        if (call.flag("check_own_contents", false)) {
            answer.put("own_tasks", count(session, "task", id)).put("own_models", count(session, "model", id));
        }
    }

    private static long count(Session session, String table, String project) {
        return session.number("SELECT count(*) FROM " + table + " WHERE json_extract(doc, '$.project') = ?", project);
    }

    private ObjectNode counted(Session session, List<String> family, Optional<String> state) {
        ObjectNode stats = Json.object();
        for (String part : List.of(ACTIVE, ARCHIVED)) {
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
        stores.tasks().each(session, new Narrowing("project", family), task -> {
            String part = Names.contains(task.path("system_tags"), ARCHIVED) ? ARCHIVED : ACTIVE;
            if (stats.get(part) instanceof ObjectNode counts) {
                count(counts, task);
            }
        });
        return stats;
    }

    private void count(ObjectNode counts, ObjectNode task) {
        increase(counts, "total_tasks", 1);
        increase(counts, "total_runtime", task.path("active_duration").asLong(0));
        increase(Json.objectIn(counts, "status_count"), task.path("status").asString(""), 1);
        boolean lately = Timestamps.parse(task.path("completed").asString(""))
                .filter(end -> Duration.between(end, stores.clock().instant()).compareTo(LATELY) < 0)
                .isPresent();
        if (lately) {
            increase(counts, "completed_tasks_24h", 1);
        }
    }

    private static void increase(ObjectNode counts, String member, long by) {
        counts.put(member, counts.path(member).asLong(0) + by);
    }
}
