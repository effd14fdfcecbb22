// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** The entries of queues, in order. */
public final class QueueEntries {

    /** Without state of its own. */
    public QueueEntries() {}

    /**
     * A task in a queue.
     *
     * @param task its id; the task need not exist
     * @param added when it was put there
     */
    public record Entry(String task, String added) {

        /** As the API shows it. */
        public ObjectNode json() {
            return Json.object().put("task", task).put("added", added);
        }
    }

    /** The entries of a queue, the first one first. */
    public List<Entry> of(Session session, String queue) {
        return session.list(
                "SELECT task, added FROM queue_entry WHERE queue = ? ORDER BY place",
                row -> new Entry(row.getString(1), row.getString(2)),
                queue);
    }

    /** The first entry. */
    public Optional<Entry> first(Session session, String queue) {
        return session.first(
                "SELECT task, added FROM queue_entry WHERE queue = ? ORDER BY place LIMIT 1",
                row -> new Entry(row.getString(1), row.getString(2)),
                queue);
    }

    /** How many wait. */
    public long count(Session session, String queue) {
        return session.number("SELECT count(*) FROM queue_entry WHERE queue = ?", queue);
    }

    /** Put a task at the end; false when it is there already. */
    public boolean append(Session session, String queue, String task, String added) {
        return session.update("""
                        INSERT OR IGNORE INTO queue_entry (queue, place, task, added)
                        VALUES (?1, (SELECT coalesce(max(place), 0) + 1 FROM queue_entry WHERE queue = ?1), ?2, ?3)""", queue, task, added) > 0;
    }

    /** Take a task out of a queue; whether it was there. */
    public boolean remove(Session session, String queue, String task) {
        return session.update("DELETE FROM queue_entry WHERE queue = ? AND task = ?", queue, task) > 0;
    }

    /** Take a task out of all queues but one, which may be empty for none; how many it was in. */
    public int removeElsewhere(Session session, String queue, String task) {
        return session.update("DELETE FROM queue_entry WHERE task = ? AND queue <> ?", task, queue);
    }

    /** Take everything out. */
    public void clear(Session session, String queue) {
        session.update("DELETE FROM queue_entry WHERE queue = ?", queue);
    }

    /**
     * Move a task to a place, counted from 0 and clamped to the queue.
     *
     * @return its new place, empty when it is not in this queue
     */
    public Optional<Integer> move(Session session, String queue, String task, Destination destination) {
        List<Entry> entries = new ArrayList<>(of(session, queue));
        int from = -1;
        for (int i = 0; i < entries.size(); i++) {
            if (entries.get(i).task().equals(task)) {
                from = i;
            }
        }
        if (from < 0) {
            return Optional.empty();
        }
        Entry moved = entries.remove(from);
        int to = Math.clamp(destination.from(from, entries.size()), 0, entries.size());
        entries.add(to, moved);
        clear(session, queue);
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            session.update(
                    "INSERT INTO queue_entry (queue, place, task, added) VALUES (?, ?, ?, ?)",
                    queue,
                    i + 1,
                    entry.task(),
                    entry.added());
        }
        return Optional.of(to);
    }

    /** Where a task is moved to. */
    @FunctionalInterface
    public interface Destination {
        /** The new place, from the present one and the last one. */
        long from(int present, int last);
    }
}
