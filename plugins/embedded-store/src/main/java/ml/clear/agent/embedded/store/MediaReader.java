// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.TreeMap;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Figures and pictures. */
public final class MediaReader {

    /** A reader without state. */
    public MediaReader() {}

    private static final String SERIES =
            "SELECT no, metric, variant FROM series WHERE owner = (SELECT no FROM event_owner WHERE id = ?) AND type = ? ORDER BY metric, variant";

    private record Series(long number, String metric, String variant) {}

    /**
     * A stored figure.
     *
     * @param row where it is
     */
    public record Figure(String metric, String variant, long iteration, long row) {}

    /** The figures of the last iterations of each wanted series. */
    public List<Figure> plots(Session session, String owner, MetricSelection metrics, int iterations) {
        List<Figure> plots = new ArrayList<>();
        for (Series series : series(session, owner, Event.PLOT)) {
            if (metrics.wants(series.metric(), series.variant())) {
                session.each(
                        """
                        SELECT seq, iter FROM event WHERE series = ?1 AND iter IN
                          (SELECT DISTINCT iter FROM event WHERE series = ?1 ORDER BY iter DESC LIMIT ?2)
                        ORDER BY iter DESC, seq""",
                        row -> plots.add(new Figure(series.metric(), series.variant(), row.getLong(2), row.getLong(1))),
                        series.number(),
                        iterations);
            }
        }
        return plots;
    }

    /**
     * A page of iterations.
     *
     * @param type the type of event, {@link Event#IMAGE} or {@link Event#PLOT}
     * @param metrics the wanted series
     * @param iterations how many
     * @param earlier whether to go down from {@code beyond}, or up
     * @param beyond the iteration beyond which to start; absent for the last one
     */
    public record Page(String type, MetricSelection metrics, int iterations, boolean earlier, OptionalLong beyond) {}

    /** Events by iteration, the last iteration first. */
    public NavigableMap<Long, ArrayNode> page(Session session, String owner, Page page) {
        TreeMap<Long, ArrayNode> byIteration = new TreeMap<>(Comparator.reverseOrder());
        boolean earlier = page.earlier() || page.beyond().isEmpty();
        String iterations = "SELECT DISTINCT iter FROM event WHERE series = ?1 AND iter "
                + (earlier ? "< ?2 ORDER BY iter DESC" : "> ?2 ORDER BY iter ASC") + " LIMIT ?3";
        for (Series series : series(session, owner, page.type())) {
            if (!page.metrics().wants(series.metric(), series.variant())) {
                continue;
            }
            session.each(
                    "SELECT iter, key, ts, stored, doc FROM event WHERE series = ?1 AND iter IN (" + iterations
                            + ") ORDER BY iter DESC, seq",
                    row -> {
                        byIteration
                                .computeIfAbsent(row.getLong(1), iteration -> Json.array())
                                .add(event(row, owner, page.type(), series));
                        return true;
                    },
                    series.number(),
                    page.beyond().orElse(Long.MAX_VALUE),
                    page.iterations());
        }
        while (byIteration.size() > page.iterations()) {
            if (earlier) {
                byIteration.pollLastEntry();
            } else {
                byIteration.pollFirstEntry();
            }
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
