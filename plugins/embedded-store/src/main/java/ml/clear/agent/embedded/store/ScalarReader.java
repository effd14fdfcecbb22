// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.store;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Curves and single values. */
public final class ScalarReader {

    /** A reader without state. */
    public ScalarReader() {}

    /** The x axis of a curve. */
    public enum Axis {
        /** The iteration. */
        ITER("iter"),
        /** Milliseconds since 1970. */
        TIMESTAMP("ts"),
        /** The same as text. */
        ISO_TIME("ts");

        private final String column;

        Axis(String column) {
            this.column = column;
        }

        String column() {
            return column;
        }

        /** Add a place to a list, as this axis writes it. */
        void add(ArrayNode list, long place) {
            if (this == ISO_TIME) {
                list.add(Timestamps.zulu(place));
            } else {
                list.add(place);
            }
        }
    }

    /** Takes curves. */
    @FunctionalInterface
    public interface Sink {
        /** Take one; it is read from the database when it is written. */
        void take(String metric, String variant, JsonNode curve);
    }

    /**
     * Which curves.
     *
     * @param owner the task or model
     * @param axis the x axis
     * @param samples the greatest number of points a curve, at least one
     * @param metrics the wanted series
     */
    public record Request(String owner, Axis axis, int samples, MetricSelection metrics) {}

    private record Series(long number, String metric, String variant) {}

    private static final String OF_OWNER =
            "SELECT no, metric, variant FROM series WHERE owner = (SELECT no FROM event_owner WHERE id = ?) AND type = ? ORDER BY metric, variant";

    /** For each metric and variant its name, x and y, averaged down to the wanted number of points. */
    public ObjectNode curves(Database database, Session session, Request request) {
        ObjectNode curves = Json.object();
        each(
                database,
                session,
                request,
                "",
                (metric, variant, curve) -> Json.objectIn(curves, metric).set(variant, curve));
        return curves;
    }

    /**
     * The same for a sink.
     *
     * @param name the name of every curve; empty for that of its variant
     */
    public void each(Database database, Session session, Request request, String name, Sink sink) {
        for (Series series : session.list(
                OF_OWNER,
                row -> new Series(row.getLong(1), row.getString(2), row.getString(3)),
                request.owner(),
                Event.SCALAR)) {
            if (request.metrics().wants(series.metric(), series.variant()) && hasPoints(session, series)) {
                String shown = name.isEmpty() ? series.variant() : name;
                sink.take(
                        series.metric(),
                        series.variant(),
                        Json.later(() -> database.read(own -> curve(own, series, request, shown))));
            }
        }
    }

    private static boolean hasPoints(Session session, Series series) {
        return session.number(
                        "SELECT count(*) FROM (SELECT 1 FROM scalar WHERE series = ? AND iter > ? LIMIT 1)",
                        series.number(),
                        Event.SINGLE_VALUE)
                > 0;
    }

    private static ObjectNode curve(Session session, Series series, Request request, String name) {
        String column = request.axis().column;
        long[] extent = session.first(
                        "SELECT count(*), min(" + column + "), max(" + column
                                + ") FROM scalar WHERE series = ? AND iter > ?",
                        row -> new long[] {row.getLong(1), row.getLong(2), row.getLong(3)},
                        series.number(),
                        Event.SINGLE_VALUE)
                .orElseThrow();
        // As many points as fit are shown as they are; otherwise equal stretches of the axis are averaged.
        long stretch = extent[0] <= request.samples()
                ? 1
                : Math.max(1, Math.ceilDiv(extent[2] - extent[1] + 1, request.samples()));
        ObjectNode curve = Json.object().put("name", name);
        ArrayNode x = curve.putArray("x");
        ArrayNode y = curve.putArray("y");
        String sql = stretch == 1
                ? "SELECT " + column + ", value FROM scalar WHERE series = ? AND iter > ? ORDER BY " + column + ", iter"
                : "SELECT min(" + column + "), avg(value) FROM scalar WHERE series = ? AND iter > ? GROUP BY (" + column
                        + " - " + extent[1] + ") / " + stretch + " ORDER BY 1";
        session.each(
                sql,
                row -> {
                    request.axis().add(x, row.getLong(1));
                    y.add(row.getDouble(2));
                    return true;
                },
                series.number(),
                Event.SINGLE_VALUE);
        return curve;
    }

    /** The values that were reported without iteration. */
    public ArrayNode singleValues(Session session, String owner, MetricSelection metrics) {
        ArrayNode values = Json.array();
        session.each(
                """
                SELECT metric, variant, value, ts FROM series JOIN scalar ON scalar.series = series.no AND iter = ?
                WHERE owner = (SELECT no FROM event_owner WHERE id = ?) ORDER BY metric, variant""",
                row -> {
                    if (metrics.wants(row.getString(1), row.getString(2))) {
                        values.addObject()
                                .put("metric", row.getString(1))
                                .put("variant", row.getString(2))
                                .put("value", row.getDouble(3))
                                .put("timestamp", row.getLong(4));
                    }
                    return true;
                },
                Event.SINGLE_VALUE,
                owner);
        return values;
    }
}
