// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.store;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Deletes events of deleted tasks and expired events, a slice at a time, so that other writes wait for milliseconds
 * and not until millions of rows are deleted. For the writer's thread; the caller repeats a step as long as it returns
 * true.
 */
public final class EventCleaner {

    /** Rows of one slice. */
    static final int ROWS = 5000;
    /** Series of one slice. */
    private static final int SERIES = 200;
    /** Figures may hold megabytes each. */
    private static final int DOCUMENTS = 200;

    private final Retention retention;

    /** A cleaner for a retention. */
    public EventCleaner(Retention retention) {
        this.retention = retention;
    }

    /** Whether {@link #removeAbandoned} has something to do; reads only. */
    public boolean hasAbandoned(Session session) {
        return session.number(
                        "SELECT count(*) FROM (SELECT 1 FROM event_owner WHERE id >= ?1 AND id < ?1 || 'z' LIMIT 1)",
                        EventWriter.ABANDONED)
                > 0;
    }

    /** Remove a slice of the events of one task or model that was deleted; false when there is none. */
    public boolean removeAbandoned(Session session) {
        Optional<Long> owner = session.first(
                "SELECT no FROM event_owner WHERE id >= ?1 AND id < ?1 || 'z' LIMIT 1",
                row -> row.getLong(1),
                EventWriter.ABANDONED);
        owner.ifPresent(no -> removeSlice(session, no));
        return owner.isPresent();
    }

    private static void removeSlice(Session session, long owner) {
        if (session.update(
                        "DELETE FROM log WHERE seq IN (SELECT seq FROM log WHERE owner = ? LIMIT " + ROWS + ")", owner)
                > 0) {
            return;
        }
        List<Long> some =
                session.list("SELECT no FROM series_row WHERE owner = ? LIMIT " + SERIES, row -> row.getLong(1), owner);
        if (some.isEmpty()) {
            session.update("DELETE FROM event_owner WHERE no = ?", owner);
        }
        int room = ROWS;
        for (long series : some) {
            room -= removeNumbers(session, series, room) + removeDocuments(session, series) * (ROWS / DOCUMENTS);
            if (room <= 0) {
                return;
            }
            session.update("DELETE FROM series_row WHERE no = ?", series);
        }
    }

    private static int removeNumbers(Session session, long series, int most) {
        return session.update(
                "DELETE FROM scalar WHERE series = ?1 AND iter IN (SELECT iter FROM scalar WHERE series = ?1 LIMIT ?2)",
                series,
                most);
    }

    private static int removeDocuments(Session session, long series) {
        return session.update(
                "DELETE FROM event WHERE seq IN (SELECT seq FROM event WHERE series = ? LIMIT " + DOCUMENTS + ")",
                series);
    }

    /** Whether {@link #removeSurplus} has something to do; reads only. */
    public boolean hasSurplus(Session session, long now) {
        long oldest = retention.age().isZero()
                ? Long.MIN_VALUE
                : now - retention.age().toMillis();
        long most = retention.reports() == 0 ? Long.MAX_VALUE : retention.reports();
        return session.number("""
            SELECT EXISTS (SELECT 1 FROM series_row WHERE oldest < ?1)
              OR EXISTS (SELECT 1 FROM (SELECT stored FROM log ORDER BY seq LIMIT 1) WHERE stored < ?1)
              OR EXISTS (SELECT 1 FROM (SELECT stored FROM event ORDER BY seq LIMIT 200) WHERE stored < ?1)
              OR EXISTS (SELECT 1 FROM event_owner WHERE log_events > ?2)\
            """, oldest, most) > 0;
    }

    /** Deletes a slice of expired or surplus events; false when there is none. */
    public boolean removeSurplus(Session session, long now) {
        return removeOld(session, now) || removeMany(session);
    }

    private boolean removeOld(Session session, long now) {
        if (retention.age().isZero()) {
            return false;
        }
        long oldest = now - retention.age().toMillis();
        // Rows are numbered in order of arrival: the oldest have the lowest numbers.
        Map<Long, Integer> owners = new HashMap<>();
        long[] last = {0};
        session.each("SELECT seq, owner, stored FROM log ORDER BY seq LIMIT " + ROWS, row -> {
            if (row.getLong(3) >= oldest) {
                return false;
            }
            last[0] = row.getLong(1);
            owners.merge(row.getLong(2), 1, Integer::sum);
            return true;
        });
        session.update("DELETE FROM log WHERE seq <= ?", last[0]);
        owners.forEach((owner, count) -> countDown(session, owner, count));
        int events = session.update(
                "DELETE FROM event WHERE seq IN (SELECT seq FROM (SELECT seq, stored FROM event ORDER BY seq LIMIT "
                        + DOCUMENTS + ") WHERE stored < ?)",
                oldest);
        boolean scalars = removeOldScalars(session, oldest, now);
        return !owners.isEmpty() || events > 0 || scalars;
    }

    /** A slice of the series that hold numbers which are too old. */
    private static boolean removeOldScalars(Session session, long oldest, long now) {
        int room = ROWS;
        List<Long> expired = session.list(
                "SELECT no FROM series_row WHERE oldest < ? ORDER BY oldest LIMIT " + SERIES,
                row -> row.getLong(1),
                oldest);
        for (long series : expired) {
            int removed = session.update(
                    "DELETE FROM scalar WHERE series = ?1 AND iter IN"
                            + " (SELECT iter FROM scalar WHERE series = ?1 AND stored < ?2 LIMIT ?3)",
                    series,
                    oldest,
                    room);
            room -= removed;
            if (room <= 0) {
                break;
            }
            session.update(
                    "UPDATE series_row SET oldest = coalesce((SELECT min(stored) FROM scalar WHERE series = ?1), ?2)"
                            + " WHERE no = ?1",
                    series,
                    now);
        }
        return !expired.isEmpty();
    }

    private boolean removeMany(Session session) {
        if (retention.reports() == 0) {
            return false;
        }
        Optional<long[]> owner = session.first(
                "SELECT no, log_events FROM event_owner WHERE log_events > ? LIMIT 1",
                row -> new long[] {row.getLong(1), row.getLong(2)},
                retention.reports());
        owner.ifPresent(found -> {
            int removed = session.update(
                    "DELETE FROM log WHERE seq IN (SELECT seq FROM log WHERE owner = ? ORDER BY ts, seq LIMIT ?)",
                    found[0],
                    Math.min(ROWS, found[1] - retention.reports()));
            countDown(session, found[0], removed);
        });
        return owner.isPresent();
    }

    private static void countDown(Session session, long owner, int count) {
        session.update("UPDATE event_owner SET log_events = log_events - ? WHERE no = ?", count, owner);
    }
}
