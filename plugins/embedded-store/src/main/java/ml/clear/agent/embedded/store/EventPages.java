// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** All events of one type, page by page, by iteration; console output by time. */
public final class EventPages {

    private final Database database;

    /** Pages of what a database holds. */
    public EventPages(Database database) {
        this.database = database;
    }

    /**
     * Which page.
     *
     * @param owner the task or model
     * @param type the type of event
     * @param size how many, without those that share the last one's iteration
     * @param ascending the order
     * @param beyond the iteration, or time for console output, beyond which to start
     * @param metrics the wanted series; console output has none
     */
    public record Page(
            String owner, String type, int size, boolean ascending, OptionalLong beyond, MetricSelection metrics) {}

    /**
     * A page.
     *
     * @param events the events as a list
     * @param returned how many they are
     * @param total how many there are on all pages
     * @param end the iteration or time of the last one, from which the next page starts
     */
    public record Events(JsonNode events, int returned, long total, OptionalLong end) {}

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
            case Event.LOG -> new Source("seq", LOGS, COUNTED_LOGS, "ts");
            case Event.SCALAR ->
                series("iter, ts, scalar.stored, worker, metric, variant, value", SCALARS, session, page);
            default -> series("seq", OTHERS, session, page);
        };
        long total = session.number(source.count(), page.owner(), page.type());
        // Where the page ends; everything at that position belongs to it.
        OptionalLong end = source.end(session, page);
        if (page.type().equals(Event.SCALAR)) {
            ArrayNode events = Json.array();
            source.each(session, page, end, row -> events.add(scalar(row, page)) != null);
            return new Events(events, events.size(), total, end);
        }
        List<Long> rows = new ArrayList<>();
        source.each(session, page, end, row -> rows.add(row.getLong(1)));
        return new Events(Json.list(Slices.events(database, page.owner(), page.type(), rows)), rows.size(), total, end);
    }

    private static Source series(String columns, String all, Session session, Page page) {
        String wanted = all + page.metrics().condition(session, page.owner(), page.type());
        return new Source(columns, wanted, "SELECT count(*) " + wanted, "iter");
    }

    private record Source(String columns, String from, String count, String position) {

        OptionalLong end(Session session, Page page) {
            return session.first(
                            "SELECT " + (page.ascending() ? "max" : "min") + "(p), count(*) FROM (SELECT " + position
                                    + " AS p " + from + " AND " + beyond(page) + " ORDER BY " + position + " "
                                    + direction(page) + " LIMIT ?)",
                            row -> row.getLong(2) == 0 ? OptionalLong.empty() : OptionalLong.of(row.getLong(1)),
                            page.owner(),
                            page.type(),
                            start(page),
                            page.size())
                    .orElse(OptionalLong.empty());
        }

        void each(Session session, Page page, OptionalLong end, Session.Visitor visitor) {
            if (end.isPresent()) {
                session.each(
                        "SELECT " + columns + " " + from + " AND " + beyond(page) + " AND " + position
                                + (page.ascending() ? " <= " : " >= ") + "? ORDER BY " + position + " "
                                + direction(page),
                        visitor,
                        page.owner(),
                        page.type(),
                        start(page),
                        end.getAsLong());
            }
        }

        private String beyond(Page page) {
            return position + (page.ascending() ? " > ?" : " < ?");
        }

        private static String direction(Page page) {
            return page.ascending() ? "ASC" : "DESC";
        }

        private static long start(Page page) {
            return page.beyond().orElse(page.ascending() ? Long.MIN_VALUE : Long.MAX_VALUE);
        }
    }

    private static ObjectNode scalar(ResultSet row, Page page) throws SQLException {
        ObjectNode event = Json.object()
                .put("type", page.type())
                .put("task", page.owner())
                .put("timestamp", row.getLong(2))
                .put("@timestamp", Timestamps.zulu(row.getLong(3)))
                .put("model_event", false)
                .put("iter", row.getLong(1))
                .put("metric", row.getString(5))
                .put("variant", row.getString(6))
                .put("value", row.getDouble(7));
        if (!row.getString(4).isEmpty()) {
            event.put("worker", row.getString(4));
        }
        return event;
    }
}
