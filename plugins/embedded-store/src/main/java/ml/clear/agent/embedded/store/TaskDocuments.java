// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Tasks. The members that every event and report changes are columns of a table of their own; {@code last_metrics} is made of
 * the statistics of the task's series.
 */
public final class TaskDocuments implements DocumentStore {

    private static final String METRICS = "last_metrics";
    private static final String COLUMNS = String.join(", ", DocumentTable.LIVE);

    private final Documents tasks = Documents.tasks();
    private final Predicate<String> whole;
    private final Metrics metrics;

    private TaskDocuments(Predicate<String> whole, Metrics metrics) {
        this.whole = whole;
        this.metrics = metrics;
    }

    /** Whole tasks without {@code last_metrics}, which is an empty object. */
    public static TaskDocuments plain() {
        return new TaskDocuments(member -> true, Metrics.none());
    }

    /** Whole tasks with {@code last_metrics}. */
    public static TaskDocuments withMetrics() {
        return new TaskDocuments(member -> true, Metrics.all());
    }

    /** Tasks to be shown: what is not wanted may be missing. */
    public static DocumentSource shown(Projection projection) {
        // Old callers see configurations as a part of the execution.
        return new TaskDocuments(
                member -> projection.wants(member) || (member.equals("configuration") && projection.wants("execution")),
                Metrics.wantedBy(projection));
    }

    @Override
    public Optional<ObjectNode> find(Session session, String id) {
        Optional<ObjectNode> task = tasks.find(session, id);
        task.ifPresent(found -> complete(session, found));
        return task;
    }

    /** Whether there is such a task. */
    public boolean exists(Session session, String id) {
        return session.number("SELECT count(*) FROM task WHERE id = ?", id) > 0;
    }

    @Override
    public void insert(Session session, ObjectNode task) {
        ObjectNode rest = task.deepCopy();
        ObjectNode live = split(rest);
        tasks.insert(session, rest);
        session.update(
                "INSERT INTO task_live (" + COLUMNS + ", id) VALUES (?" + ", ?".repeat(DocumentTable.LIVE.size()) + ")",
                values(live, task.path("id").stringValue()));
    }

    @Override
    public void save(Session session, ObjectNode task) {
        ObjectNode rest = task.deepCopy();
        ObjectNode live = split(rest);
        tasks.save(session, rest);
        saveLive(session, task.path("id").stringValue(), live);
    }

    @Override
    public boolean delete(Session session, String id) {
        session.update("DELETE FROM task_live WHERE id = ?", id);
        return tasks.delete(session, id);
    }

    @Override
    public List<String> ids(Session session, Subset narrowing, int most) {
        return tasks.ids(session, narrowing, most);
    }

    @Override
    public int put(Session session, String member, @Nullable String value, Subset narrowing) {
        return tasks.put(session, member, value, narrowing);
    }

    @Override
    public long countWithoutTag(Session session, String tag, Subset narrowing) {
        return tasks.countWithoutTag(session, tag, narrowing);
    }

    @Override
    public long count(Session session, Subset narrowing) {
        return tasks.count(session, narrowing);
    }

    @Override
    public void each(Session session, Subset narrowing, Consumer<ObjectNode> visitor) {
        tasks.each(session, narrowing, whole, task -> {
            complete(session, task);
            visitor.accept(task);
        });
    }

    /**
     * Change what is kept apart, without reading the document: {@code last_update}, {@code last_change},
     * {@code last_worker}, {@code last_worker_report}, {@code last_iteration}, {@code active_duration}.
     *
     * @return false when there is no such task
     */
    public boolean touch(Session session, String id, Consumer<ObjectNode> change) {
        Optional<ObjectNode> live = live(session, id);
        live.ifPresent(found -> {
            change.accept(found);
            saveLive(session, id, found);
        });
        return live.isPresent();
    }

    /** The name of a task, without reading the document into this process. */
    public static Optional<String> name(Session session, String id) {
        return session.first("SELECT name FROM task WHERE id = ?", row -> row.getString(1), id);
    }

    /** Status and start of a task, without reading the document into this process. */
    public Optional<Progress> progress(Session session, String id) {
        return session.first(
                "SELECT status, started FROM task WHERE id = ?",
                row -> {
                    String started = row.getString(2);
                    return new Progress(row.getString(1), started == null ? "" : started);
                },
                id);
    }

    /**
     * Where a task stands.
     *
     * @param status its status
     * @param started when it was started, empty when it was not
     */
    public record Progress(String status, String started) {}

    /**
     * The tasks of a status by their last sign of life.
     *
     * @param since a time; tasks count that were heard later, or not later
     * @param later which of the two
     */
    public List<String> heard(Session session, String status, String since, boolean later) {
        return session.list(
                "SELECT t.id FROM task AS t JOIN task_live AS l ON l.id = t.id WHERE t.status = ? AND"
                        + " coalesce(l.last_update, '') "
                        + (later ? ">" : "<=") + " ?",
                row -> row.getString(1),
                status,
                since);
    }

    private void complete(Session session, ObjectNode task) {
        String id = task.path("id").stringValue();
        live(session, id).ifPresent(live -> Json.merge(task, live));
        task.set(METRICS, metrics.of(session, id));
    }

    private static Optional<ObjectNode> live(Session session, String id) {
        return session.first("SELECT " + COLUMNS + " FROM task_live WHERE id = ?", TaskDocuments::live, id);
    }

    private static ObjectNode live(ResultSet row) throws SQLException {
        ObjectNode live = Json.object();
        for (int i = 0; i < DocumentTable.LIVE.size(); i++) {
            Object value = row.getObject(i + 1);
            if (value instanceof Number number) {
                live.put(DocumentTable.LIVE.get(i), number.longValue());
            } else if (value != null) {
                live.put(DocumentTable.LIVE.get(i), value.toString());
            }
        }
        return live;
    }

    private static void saveLive(Session session, String id, ObjectNode live) {
        session.update(
                "UPDATE task_live SET " + String.join(" = ?, ", DocumentTable.LIVE) + " = ? WHERE id = ?",
                values(live, id));
    }

    private static @Nullable Object[] values(ObjectNode live, String id) {
        List<@Nullable Object> values = new ArrayList<>();
        for (String member : DocumentTable.LIVE) {
            JsonNode value = live.path(member);
            values.add(value.isNumber() ? (Object) value.asLong() : value.isString() ? value.stringValue() : null);
        }
        values.add(id);
        return values.toArray();
    }

    private static ObjectNode split(ObjectNode task) {
        ObjectNode live = Json.object();
        for (String member : DocumentTable.LIVE) {
            JsonNode value = task.remove(member);
            if (value != null) {
                live.set(member, value);
            }
        }
        task.remove(METRICS);
        return live;
    }
}
