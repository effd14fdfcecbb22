// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.store;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import tools.jackson.databind.JsonNode;

/**
 * Values that are read from the database while they are written, a slice at a time: an answer of any length takes the memory
 * of one slice, and no reader of the database waits for a slow caller. What is deleted meanwhile is left out.
 *
 * @param <K> what a value is found by
 */
public final class Slices<K> implements Iterable<JsonNode> {

    /** Values of this size together make a slice, as do {@link #MOST_KEYS}. */
    static final int FULL = 1 << 20;

    private static final int MOST_KEYS = 200;

    private final Database database;
    private final List<K> keys;
    private final Fetcher<K> fetcher;

    /** Values by their keys, in the order of these. */
    public Slices(Database database, List<K> keys, Fetcher<K> fetcher) {
        this.database = database;
        this.keys = keys;
        this.fetcher = fetcher;
    }

    /** Events of one task or model by the numbers of their rows. */
    public static Slices<Long> events(Database database, String owner, String type, List<Long> rows) {
        return new Slices<>(database, rows, new EventRows(owner, type));
    }

    /**
     * Reads a slice.
     *
     * @param <K> what a value is found by
     */
    @FunctionalInterface
    public interface Fetcher<K> {
        /** Add the values of the keys in their order; may stop after any of them, returns how many keys it has seen. */
        int fetch(Session session, List<K> keys, Deque<JsonNode> values);
    }

    @Override
    public Iterator<JsonNode> iterator() {
        return new Iterator<>() {
            private final Deque<JsonNode> ready = new ArrayDeque<>();
            private int next;

            @Override
            public boolean hasNext() {
                while (ready.isEmpty() && next < keys.size()) {
                    List<K> slice = keys.subList(next, Math.min(keys.size(), next + MOST_KEYS));
                    next += database.read(session -> fetcher.fetch(session, slice, ready));
                }
                return !ready.isEmpty();
            }

            @Override
            public JsonNode next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                return ready.removeFirst();
            }
        };
    }
}
