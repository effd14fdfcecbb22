// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Figures, pictures and vectors. */
public final class MediaReader {

    /** A reader without state. */
    public MediaReader() {}

    private static final String SERIES =
            "SELECT no, metric, variant FROM series WHERE owner = (SELECT no FROM event_owner WHERE id = ?) AND type = ? ORDER BY metric, variant";

    private record Series(long number, String metric, String variant) {}

    /** Where the figures of the last iterations of each metric and variant are; all metrics when none is named. */
    public List<Long> plots(Session session, String owner, Set<String> metrics, int iterations) {
        List<Long> plots = new ArrayList<>();
        for (Series series : series(session, owner, Event.PLOT)) {
            if (metrics.isEmpty() || metrics.contains(series.metric())) {
                session.each("""
                        SELECT seq FROM event WHERE series = ?1 AND iter IN
                          (SELECT DISTINCT iter FROM event WHERE series = ?1 ORDER BY iter DESC LIMIT ?2)
                        ORDER BY iter DESC, seq""", row -> plots.add(row.getLong(1)), series.number(), iterations);
            }
        }
        return plots;
    }

    /**
     * The pictures of a metric, the last iterations first.
     *
     * @param variants the wanted variants, all when empty
     * @param before only iterations below this one
     */
    public NavigableMap<Long, ArrayNode> images(
            Session session, String owner, String metric, Set<String> variants, int iterations, OptionalLong before) {
        TreeMap<Long, ArrayNode> byIteration = new TreeMap<>(Comparator.reverseOrder());
        for (Series series : series(session, owner, Event.IMAGE)) {
            if ((!metric.isEmpty() && !series.metric().equals(metric))
                    || (!variants.isEmpty() && !variants.contains(series.variant()))) {
                continue;
            }
            session.each(
                    """
                    SELECT iter, key, ts, stored, doc FROM event WHERE series = ?1 AND iter IN
                      (SELECT DISTINCT iter FROM event WHERE series = ?1 AND iter < ?2 ORDER BY iter DESC LIMIT ?3)
                    ORDER BY iter DESC, seq""",
                    row -> {
                        byIteration
                                .computeIfAbsent(row.getLong(1), iteration -> Json.array())
                                .add(event(row, owner, Event.IMAGE, series));
                        return true;
                    },
                    series.number(),
                    before.orElse(Long.MAX_VALUE),
                    iterations);
        }
        while (byIteration.size() > iterations) {
            byIteration.pollLastEntry();
        }
        return byIteration;
    }

    private static List<Series> series(Session session, String owner, String type) {
        return session.list(SERIES, row -> new Series(row.getLong(1), row.getString(2), row.getString(3)), owner, type);
    }

    private static ObjectNode event(ResultSet row, String owner, String type, Series series) throws SQLException {
        return Json.parseObject(row.getString(5))
                .put("type", type)
                .put("task", owner)
                .put("iter", row.getLong(1))
                .put("metric", series.metric())
                .put("variant", series.variant())
                .put("timestamp", row.getLong(3))
                .put("@timestamp", Timestamps.zulu(row.getLong(4)))
                .put("model_event", false);
    }
}
