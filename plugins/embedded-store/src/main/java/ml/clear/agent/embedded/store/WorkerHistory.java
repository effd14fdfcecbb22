// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.store;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What workers reported about their machines, for charts. Reports are summed up by minute for two days and by quarter of an
 * hour for a quarter of a year, so that the table stays small however often workers report. Times are seconds since 1970.
 */
public final class WorkerHistory {

    /** One number for the whole machine, as opposed to one for each processor or card. */
    private static final String TOTAL = "total";

    private static final int SLICE = 2000;

    /** A resolution. */
    private enum Span {
        MINUTE(60, Duration.ofDays(2)),
        QUARTER(900, Duration.ofDays(90));

        private final long seconds;
        private final long kept;

        Span(long seconds, Duration kept) {
            this.seconds = seconds;
            this.kept = kept.toSeconds();
        }
    }

    /** Without state of its own. */
    public WorkerHistory() {}

    /**
     * Add a report.
     *
     * @param now seconds since 1970
     * @param busy whether the worker runs a task
     * @param stats a number, or a list of numbers, by name; other values are ignored
     */
    public void add(Session session, String worker, long now, boolean busy, ObjectNode stats) {
        for (Span span : Span.values()) {
            long start = now - now % span.seconds;
            Optional<ObjectNode> present = session.first(
                    "SELECT stats FROM worker_history WHERE span = ? AND start = ? AND worker = ?",
                    row -> Json.parseObject(row.getString(1)),
                    span.seconds,
                    start,
                    worker);
            ObjectNode sums = present.orElseGet(Json::object);
            stats.properties().forEach(stat -> add(sums, stat.getKey(), stat.getValue()));
            session.update(
                    "INSERT INTO worker_history (span, start, worker, busy, stats) VALUES (?, ?, ?, ?, ?)"
                            + " ON CONFLICT DO UPDATE SET busy = max(busy, excluded.busy), stats = excluded.stats",
                    span.seconds,
                    start,
                    worker,
                    busy ? 1 : 0,
                    Json.text(sums));
        }
    }

    private static void add(ObjectNode sums, String name, JsonNode value) {
        if (value.isNumber()) {
            addNumber(Json.objectIn(sums, name), TOTAL, value.asDouble());
        }
        for (int i = 0; value.isArray() && i < value.size(); i++) {
            if (value.get(i).isNumber()) {
                addNumber(
                        Json.objectIn(sums, name),
                        String.valueOf(i),
                        value.get(i).asDouble());
            }
        }
    }

    private static void addNumber(ObjectNode sums, String part, double value) {
        Summary summary = Summary.of(value);
        JsonNode present = sums.get(part);
        sums.set(part, (present == null ? summary : Summary.parse(present).with(summary)).json());
    }

    /**
     * A part of the history.
     *
     * @param from its begin, inclusive
     * @param to its end, inclusive
     * @param interval the length of one point; the effective one is that of {@link #effective}
     * @param workers the wanted workers, empty for all
     */
    public record Range(long from, long to, long interval, Set<String> workers) {

        private static final long MOST_POINTS = 5000;

        /** The same with an interval for which numbers are kept and that does not make too many points. */
        public Range effective(long now) {
            long enough = Math.ceilDiv(to - from, MOST_POINTS);
            long least = Math.max(span(now).seconds, enough);
            return new Range(from, to, Math.max(interval, least), workers);
        }

        private Span span(long now) {
            return interval < Span.QUARTER.seconds && from >= now - Span.MINUTE.kept ? Span.MINUTE : Span.QUARTER;
        }

        /** The begin of the point that a time belongs to. */
        public long point(long time) {
            return time - Math.floorMod(time, interval);
        }
    }

    /** The curve of one metric: for each part of the machine its numbers by the begin of their points. */
    public record Curve(Map<String, Map<Long, Summary>> parts) {

        private Curve() {
            this(new TreeMap<>());
        }

        private void add(String part, long point, Summary summary) {
            parts.computeIfAbsent(part, name -> new TreeMap<>()).merge(point, summary, Summary::with);
        }

        /** The numbers of all parts together. */
        public Map<Long, Summary> whole() {
            Map<Long, Summary> whole = new TreeMap<>();
            parts.values()
                    .forEach(part -> part.forEach((point, summary) -> whole.merge(point, summary, Summary::with)));
            return whole;
        }
    }

    private interface Visitor {
        void visit(long start, String worker, boolean busy, String stats);
    }

    private static void each(Session session, Range range, long now, Visitor visitor) {
        session.each(
                "SELECT start, worker, busy, stats FROM worker_history WHERE span = ? AND start BETWEEN ? AND ?",
                row -> {
                    if (range.workers().isEmpty() || range.workers().contains(row.getString(2))) {
                        visitor.visit(row.getLong(1), row.getString(2), row.getInt(3) > 0, row.getString(4));
                    }
                    return true;
                },
                range.span(now).seconds,
                range.from(),
                range.to());
    }

    /**
     * The curves of some metrics, by worker and metric.
     *
     * @param range an effective one
     */
    public Map<String, Map<String, Curve>> curves(Session session, Range range, List<String> metrics, long now) {
        Map<String, Map<String, Curve>> workers = new TreeMap<>();
        each(session, range, now, (start, worker, busy, text) -> {
            ObjectNode stats = Json.parseObject(text);
            for (String metric : metrics) {
                for (Map.Entry<String, JsonNode> part : stats.path(metric).properties()) {
                    workers.computeIfAbsent(worker, name -> new TreeMap<>())
                            .computeIfAbsent(metric, name -> new Curve())
                            .add(part.getKey(), range.point(start), Summary.parse(part.getValue()));
                }
            }
        });
        return workers;
    }

    /**
     * How many workers reported, by the begin of the points.
     *
     * @param range an effective one
     * @param busyOnly whether only those count that ran a task
     */
    public Map<Long, Integer> activity(Session session, Range range, boolean busyOnly, long now) {
        Map<Long, Set<String>> points = new TreeMap<>();
        each(session, range, now, (start, worker, busy, stats) -> {
            if (busy || !busyOnly) {
                points.computeIfAbsent(range.point(start), point -> new TreeSet<>())
                        .add(worker);
            }
        });
        Map<Long, Integer> counts = new TreeMap<>();
        points.forEach((point, workers) -> counts.put(point, workers.size()));
        return counts;
    }

    /** The metrics that were reported in the last time, by the first word of their names. */
    public Map<String, Set<String>> metrics(Session session, Set<String> workers, long now) {
        Map<String, Set<String>> categories = new TreeMap<>();
        Range range = new Range(now - Span.QUARTER.kept, now, Span.QUARTER.seconds, workers);
        each(
                session,
                range,
                now,
                (start, worker, busy, stats) -> Json.parseObject(stats)
                        .propertyNames()
                        .forEach(metric -> categories
                                .computeIfAbsent(metric.split("_", 2)[0], name -> new TreeSet<>())
                                .add(metric)));
        return categories;
    }

    /** Whether {@link #prune} has something to do; reads only. */
    public boolean hasExpired(Session session, long now) {
        for (Span span : Span.values()) {
            if (session.number(
                            "SELECT count(*) FROM (SELECT 1 FROM worker_history WHERE span = ? AND start < ? LIMIT 1)",
                            span.seconds,
                            now - span.kept)
                    > 0) {
                return true;
            }
        }
        return false;
    }

    /** Delete a slice of what is no longer kept. */
    public void prune(Session session, long now) {
        for (Span span : Span.values()) {
            session.update(
                    "DELETE FROM worker_history WHERE (span, start, worker) IN (SELECT span, start, worker FROM"
                            + " worker_history WHERE span = ? AND start < ? LIMIT " + SLICE + ")",
                    span.seconds,
                    now - span.kept);
        }
    }
}
