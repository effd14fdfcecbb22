// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.databind.node.ObjectNode;

/** Documents that are kept whole in one table. */
public final class Documents implements DocumentStore {

    private final String table;

    private Documents(String table) {
        this.table = table;
    }

    /** Tasks as they are stored: see {@link TaskDocuments} for tasks as clients see them. */
    static Documents tasks() {
        return new Documents("task");
    }

    /** Projects. */
    public static Documents projects() {
        return new Documents("project");
    }

    /** Queues, without their entries. */
    public static Documents queues() {
        return new Documents("queue");
    }

    /** Models. */
    public static Documents models() {
        return new Documents("model");
    }

    /** Workers. */
    public static Documents workers() {
        return new Documents("worker");
    }

    @Override
    public Optional<ObjectNode> find(Session session, String id) {
        return session.first(
                "SELECT doc FROM " + table + " WHERE id = ?", row -> Json.parseObject(row.getString(1)), id);
    }

    @Override
    public void insert(Session session, ObjectNode document) {
        session.update(
                "INSERT INTO " + table + " (id, doc) VALUES (?, ?)",
                document.path("id").stringValue(),
                Json.text(document));
    }

    @Override
    public void save(Session session, ObjectNode document) {
        session.update(
                "UPDATE " + table + " SET doc = ? WHERE id = ?",
                Json.text(document),
                document.path("id").stringValue());
    }

    @Override
    public boolean delete(Session session, String id) {
        return session.update("DELETE FROM " + table + " WHERE id = ?", id) > 0;
    }

    @Override
    public int removeMember(Session session, String member, Narrowing narrowing) {
        return session.update(
                "UPDATE " + table + " SET doc = json_remove(doc, '$." + member + "')" + narrowing.where(),
                narrowing.values().toArray());
    }

    @Override
    public List<String> ids(Session session, Narrowing narrowing) {
        return session.list(
                "SELECT id FROM " + table + narrowing.where() + " ORDER BY seq",
                row -> row.getString(1),
                narrowing.values().toArray());
    }

    @Override
    public long countWithoutTag(Session session, String tag, Narrowing narrowing) {
        List<Object> arguments = new ArrayList<>(narrowing.values());
        arguments.add(tag);
        return session.number(
                "SELECT count(*) FROM " + table + narrowing.where()
                        + " AND NOT EXISTS (SELECT 1 FROM json_each(doc, '$.system_tags') WHERE value = ?)",
                arguments.toArray());
    }

    @Override
    public long count(Session session, Narrowing narrowing) {
        return session.number(
                "SELECT count(*) FROM " + table + narrowing.where(),
                narrowing.values().toArray());
    }

    @Override
    public void each(Session session, Narrowing narrowing, Consumer<ObjectNode> visitor) {
        session.each(
                "SELECT doc FROM " + table + narrowing.where() + " ORDER BY seq",
                row -> {
                    visitor.accept(Json.parseObject(row.getString(1)));
                    return true;
                },
                narrowing.values().toArray());
    }
}
