// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.store;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Tasks. The members that every event and report changes are stored apart from the document, which may contain a diff
 * of megabytes; {@code last_metrics} is made of the statistics of the task's series.
 */
public final class TaskDocuments implements DocumentStore {

    private static final Set<String> LIVE = Set.of(
            "last_update", "last_change", "last_worker", "last_worker_report", "last_iteration", "active_duration");
    private static final String METRICS = "last_metrics";

    private final Documents tasks = Documents.tasks();
    private final Metrics metrics;
    private final boolean withMetrics;

    private TaskDocuments(Metrics metrics, boolean withMetrics) {
        this.metrics = metrics;
        this.withMetrics = withMetrics;
    }

    /** Tasks without {@code last_metrics}, which is an empty object. */
    public static TaskDocuments plain() {
        return new TaskDocuments(new Metrics(), false);
    }

    /** Tasks with {@code last_metrics}. */
    public static TaskDocuments withMetrics() {
        return new TaskDocuments(new Metrics(), true);
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
                "INSERT INTO task_live (id, doc) VALUES (?, ?)", task.path("id").stringValue(), Json.text(live));
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
    public List<String> ids(Session session, Narrowing narrowing) {
        return tasks.ids(session, narrowing);
    }

    @Override
    public int removeMember(Session session, String member, Narrowing narrowing) {
        return tasks.removeMember(session, member, narrowing);
    }

    @Override
    public long countWithoutTag(Session session, String tag, Narrowing narrowing) {
        return tasks.countWithoutTag(session, tag, narrowing);
    }

    @Override
    public long count(Session session, Narrowing narrowing) {
        return tasks.count(session, narrowing);
    }

    @Override
    public void each(Session session, Narrowing narrowing, Consumer<ObjectNode> visitor) {
        tasks.each(session, narrowing, task -> {
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

    /** Status and start of a task, without reading the document into this process. */
    public Optional<Progress> progress(Session session, String id) {
        return session.first(
                "SELECT json_extract(doc, '$.status'), json_extract(doc, '$.started') FROM task WHERE id = ?",
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

    private void complete(Session session, ObjectNode task) {
        String id = task.path("id").stringValue();
        live(session, id).ifPresent(live -> Json.merge(task, live));
        task.set(METRICS, withMetrics ? metrics.of(session, id) : Json.object());
    }

    private static Optional<ObjectNode> live(Session session, String id) {
        return session.first("SELECT doc FROM task_live WHERE id = ?", row -> Json.parseObject(row.getString(1)), id);
    }

    private static void saveLive(Session session, String id, ObjectNode live) {
        session.update("UPDATE task_live SET doc = ? WHERE id = ?", Json.text(live), id);
    }

    private static ObjectNode split(ObjectNode task) {
        ObjectNode live = Json.object();
        for (String member : LIVE) {
            JsonNode value = task.remove(member);
            if (value != null) {
                live.set(member, value);
            }
        }
        task.remove(METRICS);
        return live;
    }
}
