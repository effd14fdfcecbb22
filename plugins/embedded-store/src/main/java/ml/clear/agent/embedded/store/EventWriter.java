// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.store;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Stores events. For the writer's thread. */
public final class EventWriter {

    /** A writer without state. */
    public EventWriter() {}

    /**
     * Add events of one task or model.
     *
     * @param owner the task or model that all of them belong to
     * @param now milliseconds since 1970
     */
    public void add(Session session, String owner, List<Event> events, long now) {
        long no = ownerNumber(session, owner);
        Owner of = new Owner(no, now);
        Map<SeriesName, OpenSeries> open = new HashMap<>();
        int lines = 0;
        for (Event event : events) {
            switch (event) {
                case Event.Log log -> {
                    addLog(session, no, log, now);
                    lines++;
                }
                case Event.Scalar scalar ->
                    addScalar(session, series(session, open, of, Event.SCALAR, scalar.place()), scalar, now);
                case Event.Other other ->
                    addOther(session, series(session, open, of, other.type(), other.place()), other, now);
            }
        }
        if (lines > 0) {
            session.update("UPDATE event_owner SET log_events = log_events + ? WHERE no = ?", lines, no);
        }
        open.forEach((name, series) -> {
            if (name.type().equals(Event.SCALAR)) {
                series.statistics.save(session, series.number);
            }
        });
    }

    /** The prefix of the owners of events that {@link EventCleaner} removes. No task and no model has such an id. */
    static final String ABANDONED = "deleted ";

    /**
     * Remove all events of a task or model. They are invisible at once; {@link EventCleaner} deletes their rows later.
     */
    public void deleteAll(Session session, String owner) {
        session.update("UPDATE event_owner SET id = ? || no WHERE id = ?", ABANDONED, owner);
    }

    /** To which owner events are added, and when. */
    private record Owner(long no, long now) {}

    private record SeriesName(String type, String metric, String variant) {}

    private static final class OpenSeries {
        private final long number;
        private final SeriesStatistics statistics;

        OpenSeries(long number, SeriesStatistics statistics) {
            this.number = number;
            this.statistics = statistics;
        }
    }

    private static long ownerNumber(Session session, String owner) {
        session.update("INSERT OR IGNORE INTO event_owner (id) VALUES (?)", owner);
        return session.number("SELECT no FROM event_owner WHERE id = ?", owner);
    }

    private static OpenSeries series(
            Session session, Map<SeriesName, OpenSeries> open, Owner owner, String type, Event.Place place) {
        return open.computeIfAbsent(
                new SeriesName(type, place.metric(), place.variant()),
                name -> openSeries(session, owner.no(), name, owner.now()));
    }

    private static OpenSeries openSeries(Session session, long owner, SeriesName series, long now) {
        return find(session, owner, series).orElseGet(() -> {
            Long oldest = series.type().equals(Event.SCALAR) ? now : null;
            session.update(
                    "INSERT INTO series_row (owner, name, oldest) VALUES (?, ?, ?)",
                    owner,
                    nameNumber(session, series),
                    oldest);
            return find(session, owner, series).orElseThrow();
        });
    }

    private static Optional<OpenSeries> find(Session session, long owner, SeriesName series) {
        return session.first(
                "SELECT r.no, " + SeriesStatistics.COLUMNS + " FROM series_name AS n CROSS JOIN series_row AS r"
                        + " WHERE n.type = ? AND n.metric = ? AND n.variant = ? AND r.owner = ? AND r.name = n.no",
                row -> new OpenSeries(row.getLong(1), SeriesStatistics.read(row, 2)),
                series.type(),
                series.metric(),
                series.variant(),
                owner);
    }

    private static long nameNumber(Session session, SeriesName name) {
        Optional<Long> present = session.first(
                "SELECT no FROM series_name WHERE type = ? AND metric = ? AND variant = ?",
                row -> row.getLong(1),
                name.type(),
                name.metric(),
                name.variant());
        return present.orElseGet(() -> {
            session.update(
                    "INSERT INTO series_name (type, metric, variant, metric_hash, variant_hash) VALUES (?, ?, ?, ?, ?)",
                    name.type(),
                    name.metric(),
                    name.variant(),
                    Metrics.md5(name.metric()),
                    Metrics.md5(name.variant()));
            return session.number("SELECT last_insert_rowid()");
        });
    }

    private static void addLog(Session session, long owner, Event.Log log, long now) {
        session.update(
                "INSERT INTO log (owner, ts, stored, level, worker, msg) VALUES (?, ?, ?, ?, ?, ?)",
                owner,
                log.timestamp(),
                now,
                log.level(),
                log.worker(),
                log.message());
    }

    private static void addScalar(Session session, OpenSeries series, Event.Scalar scalar, long now) {
        series.statistics.add(scalar);
        session.update(
                "INSERT OR REPLACE INTO scalar (series, iter, value, ts, stored, worker) VALUES (?, ?, ?, ?, ?, ?)",
                series.number,
                scalar.place().iteration(),
                scalar.value(),
                scalar.timestamp(),
                now,
                scalar.worker());
    }

    private static void addOther(Session session, OpenSeries series, Event.Other other, long now) {
        session.update(
                "INSERT OR REPLACE INTO event (series, iter, key, ts, stored, doc) VALUES (?, ?, ?, ?, ?, ?)",
                series.number,
                other.place().iteration(),
                other.key(),
                other.timestamp(),
                now,
                Json.text(other.document()));
    }

    /**
     * Remove a slice of a task's console output from before a time.
     *
     * @param before milliseconds since 1970
     * @return how many reports were removed; none are left when it is 0
     */
    public int deleteLog(Session session, String owner, long before) {
        int removed = session.update(
                "DELETE FROM log WHERE seq IN (SELECT seq FROM log WHERE owner ="
                        + " (SELECT no FROM event_owner WHERE id = ?) AND ts < ? LIMIT " + EventCleaner.ROWS + ")",
                owner,
                before);
        session.update("UPDATE event_owner SET log_events = log_events - ? WHERE id = ?", removed, owner);
        return removed;
    }
}
