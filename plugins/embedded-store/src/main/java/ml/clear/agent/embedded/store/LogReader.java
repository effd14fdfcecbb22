// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Pages of a task's console. */
public final class LogReader {

    /** A reader without state. */
    public LogReader() {}

    /** A page holds at most so many characters beyond its first event, however many events were asked for. */
    private static final long MOST_CHARACTERS = 8 << 20;

    private static final String COLUMNS = "SELECT seq, ts, stored, level, worker, msg FROM log WHERE owner = ? AND ";

    /**
     * Which page.
     *
     * @param task the task
     * @param size how many events, without those that share the last one's time
     * @param earlier whether to go back in time
     * @param beyond the time (ms) beyond which to start; absent for the newest or the oldest event
     */
    public record Page(String task, int size, boolean earlier, OptionalLong beyond) {}

    /**
     * A page of the console.
     *
     * @param events newest first when going back in time, else oldest first
     * @param total how many the task has
     */
    public record Events(List<ObjectNode> events, long total) {

        /** The events as a list, turned round on demand. */
        public ArrayNode json(boolean reversed) {
            ArrayNode list = Json.array();
            list.addAll(reversed ? events.reversed() : events);
            return list;
        }
    }

    private record Stored(long sequence, long timestamp, int length, ObjectNode event) {}

    /** The page. */
    public Events read(Session session, Page page) {
        return session.first(
                        "SELECT no, log_events FROM event_owner WHERE id = ?",
                        row -> new long[] {row.getLong(1), row.getLong(2)},
                        page.task())
                .map(owner -> new Events(read(session, owner[0], page), owner[1]))
                .orElse(new Events(Collections.emptyList(), 0));
    }

    private static List<ObjectNode> read(Session session, long owner, Page page) {
        List<ObjectNode> events = new ArrayList<>();
        if (page.size() == 0) {
            return events;
        }
        String direction = page.earlier() ? "DESC" : "ASC";
        long start = page.beyond().orElse(page.earlier() ? Long.MAX_VALUE : Long.MIN_VALUE);
        long[] last = {0, 0};
        long[] room = {MOST_CHARACTERS};
        session.each(
                COLUMNS + "ts " + (page.earlier() ? "<" : ">") + " ? ORDER BY ts " + direction + ", seq " + direction
                        + " LIMIT ?",
                row -> {
                    Stored stored = stored(row, page.task());
                    events.add(stored.event());
                    last[0] = stored.timestamp();
                    last[1] = stored.sequence();
                    room[0] -= stored.length();
                    return room[0] > 0;
                },
                owner,
                start,
                page.size());
        if (!events.isEmpty()) {
            // A page ends between two times: the next one starts beyond the last time.
            session.each(
                    COLUMNS + "ts = ? AND seq " + (page.earlier() ? "<" : ">") + " ? ORDER BY seq " + direction,
                    row -> events.add(stored(row, page.task()).event()),
                    owner,
                    last[0],
                    last[1]);
        }
        return events;
    }

    private static Stored stored(ResultSet row, String task) throws SQLException {
        String message = row.getString(6);
        ObjectNode event = Json.object()
                .put("type", Event.LOG)
                .put("task", task)
                .put("timestamp", row.getLong(2))
                .put("@timestamp", Timestamps.zulu(row.getLong(3)))
                .put("level", row.getString(4))
                .put("worker", row.getString(5))
                .put("metric", "")
                .put("variant", "")
                .put("model_event", false)
                .put("msg", message);
        return new Stored(row.getLong(1), row.getLong(2), message.length(), event);
    }
}
