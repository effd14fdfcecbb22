// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Documents of one table, with their long texts beside them. */
public final class Documents implements DocumentStore {

    private final String table;
    private final LongTexts texts;

    private Documents(String table, String... withLongTexts) {
        this.table = table;
        this.texts = new LongTexts(withLongTexts);
    }

    /** Tasks as they are stored: see {@link TaskDocuments} for tasks as clients see them. */
    static Documents tasks() {
        return new Documents("task", "script", "configuration", "report", "container", "execution");
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
        return new Documents("model", "design");
    }

    /** Workers. */
    public static Documents workers() {
        return new Documents("worker");
    }

    @Override
    public Optional<ObjectNode> find(Session session, String id) {
        Optional<ObjectNode> found = session.first(
                "SELECT doc FROM " + table + " WHERE id = ?", row -> Json.parseObject(row.getString(1)), id);
        found.ifPresent(document -> texts.putBack(session, document, member -> true));
        return found;
    }

    @Override
    public void insert(Session session, ObjectNode document) {
        write(session, document, "INSERT INTO " + table + " (doc, id) VALUES (?, ?)");
    }

    @Override
    public void save(Session session, ObjectNode document) {
        write(session, document, "UPDATE " + table + " SET doc = ? WHERE id = ?");
    }

    private void write(Session session, ObjectNode document, String sql) {
        String id = document.path("id").stringValue();
        ObjectNode stored = document.deepCopy();
        Map<String, String> taken = texts.takeOut(stored);
        session.update(sql, Json.text(stored), id);
        texts.save(session, id, taken);
    }

    @Override
    public boolean delete(Session session, String id) {
        texts.delete(session, id);
        return session.update("DELETE FROM " + table + " WHERE id = ?", id) > 0;
    }

    @Override
    public int put(Session session, String member, @Nullable String value, Subset narrowing) {
        List<Object> arguments = new ArrayList<>();
        String changed = "json_remove(doc, '$." + member + "')";
        if (value != null) {
            changed = "json_set(doc, '$." + member + "', ?)";
            arguments.add(value);
        }
        arguments.addAll(narrowing.values());
        return session.update("UPDATE " + table + " SET doc = " + changed + narrowing.where(), arguments.toArray());
    }

    @Override
    public List<String> ids(Session session, Subset narrowing, int most) {
        List<Object> arguments = new ArrayList<>(narrowing.values());
        arguments.add(most);
        return session.list(
                "SELECT id FROM " + table + narrowing.where() + " ORDER BY seq LIMIT ?",
                row -> row.getString(1),
                arguments.toArray());
    }

    @Override
    public long countWithoutTag(Session session, String tag, Subset narrowing) {
        List<Object> arguments = new ArrayList<>(narrowing.values());
        arguments.add(tag);
        return session.number(
                "SELECT count(*) FROM " + table + narrowing.where()
                        + " AND NOT EXISTS (SELECT 1 FROM json_each(doc, '$.system_tags') WHERE value = ?)",
                arguments.toArray());
    }

    @Override
    public long count(Session session, Subset narrowing) {
        return session.number(
                "SELECT count(*) FROM " + table + narrowing.where(),
                narrowing.values().toArray());
    }

    @Override
    public void each(Session session, Subset narrowing, Consumer<ObjectNode> visitor) {
        each(session, narrowing, member -> true, visitor);
    }

    /** The same, with the long texts of some members only. */
    void each(Session session, Subset narrowing, Predicate<String> whole, Consumer<ObjectNode> visitor) {
        session.each(
                "SELECT doc FROM " + table + narrowing.where() + " ORDER BY seq",
                row -> {
                    ObjectNode document = Json.parseObject(row.getString(1));
                    texts.putBack(session, document, whole);
                    visitor.accept(document);
                    return true;
                },
                narrowing.values().toArray());
    }
}
