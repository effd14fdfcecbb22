// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.store;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Pages of a task's console. */
public final class LogReader {

    /** A reader without state. */
    public LogReader() {}

    /** A page holds at most so many characters beyond its first event, however many events were asked for. */
    private static final long MOST_CHARACTERS = 8 << 20;

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
     * @param rows where its events are: newest first when going back in time, else oldest first
     * @param total how many the task has
     */
    public record Events(List<Long> rows, long total) {}

    /** The page. */
    public Events read(Session session, Page page) {
        return session.first(
                        "SELECT no, log_events FROM event_owner WHERE id = ?",
                        row -> new long[] {row.getLong(1), row.getLong(2)},
                        page.task())
                .map(owner -> new Events(read(session, owner[0], page), owner[1]))
                .orElse(new Events(List.of(), 0));
    }

    /** Where all events of a task's console are, the oldest first. */
    public List<Long> rows(Session session, String task) {
        return session.list(
                "SELECT seq FROM log WHERE owner = (SELECT no FROM event_owner WHERE id = ?) ORDER BY ts, seq",
                row -> row.getLong(1),
                task);
    }

    private static List<Long> read(Session session, long owner, Page page) {
        List<Long> rows = new ArrayList<>();
        if (page.size() == 0) {
            return rows;
        }
        String direction = page.earlier() ? "DESC" : "ASC";
        long start = page.beyond().orElse(page.earlier() ? Long.MAX_VALUE : Long.MIN_VALUE);
        long[] last = {0, 0};
        long[] room = {MOST_CHARACTERS};
        session.each(
                "SELECT seq, ts, length(msg) FROM log WHERE owner = ? AND ts " + (page.earlier() ? "<" : ">")
                        + " ? ORDER BY ts " + direction + ", seq " + direction + " LIMIT ?",
                row -> {
                    rows.add(row.getLong(1));
                    last[0] = row.getLong(2);
                    last[1] = row.getLong(1);
                    room[0] -= row.getLong(3);
                    return room[0] > 0;
                },
                owner,
                start,
                page.size());
        if (!rows.isEmpty()) {
            // A page ends between two times: the next one starts beyond the last time.
            session.each(
                    "SELECT seq FROM log WHERE owner = ? AND ts = ? AND seq " + (page.earlier() ? "<" : ">")
                            + " ? ORDER BY seq " + direction,
                    row -> rows.add(row.getLong(1)),
                    owner,
                    last[0],
                    last[1]);
        }
        return rows;
    }
}
