// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.OptionalLong;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** All events of one type, page by page, by iteration; console output by time. */
public final class EventPages {

    /** A reader without state. */
    public EventPages() {}

    /**
     * Which page.
     *
     * @param owner the task or model
     * @param type the type of event
     * @param size how many, without those that share the last one's iteration
     * @param ascending the order
     * @param beyond the iteration, or time for console output, beyond which to start
     */
    public record Page(String owner, String type, int size, boolean ascending, OptionalLong beyond) {}

    /**
     * A page.
     *
     * @param events the events
     * @param total how many there are on all pages
     * @param end the iteration or time of the last one, from which the next page starts
     */
    public record Events(ArrayNode events, long total, OptionalLong end) {}

    private static final String OWNER = "(SELECT no FROM event_owner WHERE id = ?)";
    private static final String SCALARS =
            "FROM series JOIN scalar ON scalar.series = series.no WHERE owner = " + OWNER + " AND type = ?";
    private static final String OTHERS =
            "FROM series JOIN event ON event.series = series.no WHERE owner = " + OWNER + " AND type = ?";
    private static final String LOGS = "FROM log WHERE owner = " + OWNER + " AND ? = 'log'";
    private static final String COUNTED_LOGS = "SELECT log_events FROM event_owner WHERE id = ? AND ? = 'log'";

    /** The page. */
    public Events read(Session session, Page page) {
        Source source = switch (page.type()) {
            case Event.LOG ->
                new Source(
                        "SELECT ts, ts, stored, worker, level, msg " + LOGS, LOGS, COUNTED_LOGS, "ts", EventPages::log);
            case Event.SCALAR ->
                new Source(
                        "SELECT iter, ts, scalar.stored, worker, metric, variant, value " + SCALARS,
                        SCALARS,
                        "SELECT count(*) " + SCALARS,
                        "iter",
                        EventPages::scalar);
            default ->
                new Source(
                        "SELECT iter, ts, event.stored, '', metric, variant, doc " + OTHERS,
                        OTHERS,
                        "SELECT count(*) " + OTHERS,
                        "iter",
                        EventPages::other);
        };
        return source.read(session, page);
    }

    private interface Maker {
        ObjectNode make(ResultSet row) throws SQLException;
    }

    private record Source(String select, String from, String count, String position, Maker maker) {

        Events read(Session session, Page page) {
            String direction = page.ascending() ? "ASC" : "DESC";
            String beyond = page.ascending() ? ">" : "<";
            long start = page.beyond().orElse(page.ascending() ? Long.MIN_VALUE : Long.MAX_VALUE);
            ArrayNode events = Json.array();
            long total = session.number(count, page.owner(), page.type());
            // Where the page ends; everything at that position belongs to it.
            OptionalLong end = end(session, page, beyond, direction, start);
            if (end.isPresent()) {
                String within = page.ascending() ? "<=" : ">=";
                session.each(
                        select + " AND " + position + " " + beyond + " ? AND " + position + " " + within
                                + " ? ORDER BY " + position + " " + direction,
                        row -> {
                            events.add(common(maker.make(row), row, page));
                            return true;
                        },
                        page.owner(),
                        page.type(),
                        start,
                        end.getAsLong());
            }
            return new Events(events, total, end);
        }

        private OptionalLong end(Session session, Page page, String beyond, String direction, long start) {
            return session.first(
                            "SELECT " + (page.ascending() ? "max" : "min") + "(p), count(*) FROM (SELECT " + position
                                    + " AS p " + from + " AND " + position + " " + beyond + " ? ORDER BY " + position
                                    + " " + direction + " LIMIT ?)",
                            row -> row.getLong(2) == 0 ? OptionalLong.empty() : OptionalLong.of(row.getLong(1)),
                            page.owner(),
                            page.type(),
                            start,
                            page.size())
                    .orElse(OptionalLong.empty());
        }
    }

    private static ObjectNode common(ObjectNode event, ResultSet row, Page page) throws SQLException {
        event.put("type", page.type())
                .put("task", page.owner())
                .put("timestamp", row.getLong(2))
                .put("@timestamp", Timestamps.zulu(row.getLong(3)))
                .put("model_event", false);
        if (!row.getString(4).isEmpty()) {
            event.put("worker", row.getString(4));
        }
        return event;
    }

    private static ObjectNode log(ResultSet row) throws SQLException {
        return Json.object().put("level", row.getString(5)).put("msg", row.getString(6));
    }

    private static ObjectNode scalar(ResultSet row) throws SQLException {
        return placed(Json.object(), row).put("value", row.getDouble(7));
    }

    private static ObjectNode other(ResultSet row) throws SQLException {
        return placed(Json.parseObject(row.getString(7)), row);
    }

    private static ObjectNode placed(ObjectNode event, ResultSet row) throws SQLException {
        return event.put("iter", row.getLong(1)).put("metric", row.getString(5)).put("variant", row.getString(6));
    }
}
