// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.store;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Which series tasks and models have, and their numbers as they were reported. */
public final class SeriesReader {

    private static final int LAST = 100;
    private static final String OF_OWNER = "owner = (SELECT no FROM event_owner WHERE id = ?)";

    private SeriesReader() {}

    /** The metrics of a task or model with their variants; an empty type means events of every type. */
    public static Map<String, List<String>> variants(Session session, String owner, String type) {
        Map<String, List<String>> metrics = new LinkedHashMap<>();
        session.each(
                "SELECT DISTINCT metric, variant FROM series WHERE " + OF_OWNER
                        + " AND type = coalesce(nullif(?, ''), type) ORDER BY metric, variant",
                row -> metrics.computeIfAbsent(row.getString(1), name -> new ArrayList<>())
                        .add(row.getString(2)),
                owner,
                type);
        return metrics;
    }

    /** The last value of each scalar and the mean of its last hundred. */
    public static ArrayNode latest(Session session, String owner) {
        Map<String, ArrayNode> metrics = new LinkedHashMap<>();
        session.each(
                "SELECT metric, variant, stat_value, (SELECT avg(value) FROM (SELECT value FROM scalar"
                        + " WHERE series = series.no ORDER BY iter DESC LIMIT " + LAST + ")) FROM series WHERE "
                        + OF_OWNER
                        + " AND stat_count > 0 ORDER BY metric, variant",
                row -> {
                    ObjectNode variant = Json.object()
                            .put("name", row.getString(2))
                            .put("last_value", row.getDouble(3))
                            .put("last_100_value", row.getDouble(4));
                    metrics.computeIfAbsent(row.getString(1), name -> Json.array())
                            .add(variant);
                    return true;
                },
                owner);
        ArrayNode list = Json.array();
        metrics.forEach((name, variants) -> list.addObject().put("name", name).set("variants", variants));
        return list;
    }

    /**
     * A page of the numbers of a metric.
     *
     * @param owner the task or model
     * @param axis what the numbers are ordered by
     * @param metrics the wanted series
     * @param size how many numbers, without those that share the last one's place
     * @param beyond the place beyond which to start
     */
    public record Page(String owner, ScalarReader.Axis axis, MetricSelection metrics, int size, OptionalLong beyond) {}

    /**
     * Numbers.
     *
     * @param variants for each variant a list {@code y} of numbers and one of their places
     * @param returned how many they are
     * @param end the place of the last one
     */
    public record Numbers(ObjectNode variants, int returned, OptionalLong end) {}

    /** The numbers of a page; {@code key} names the list of places. */
    public static Numbers raw(Session session, Page page, String key) {
        String column = page.axis().column();
        String from = " FROM series JOIN scalar ON scalar.series = series.no WHERE " + OF_OWNER
                + " AND type = 'training_stats_scalar' AND iter > " + Event.SINGLE_VALUE
                + page.metrics().condition(session, page.owner(), Event.SCALAR) + " AND " + column + " > ?";
        long start = page.beyond().orElse(Long.MIN_VALUE);
        long end = session.number(
                "SELECT max(place) FROM (SELECT " + column + " AS place" + from + " ORDER BY place LIMIT ?)",
                page.owner(),
                start,
                page.size());
        ObjectNode variants = Json.object();
        int[] returned = {0};
        session.each(
                "SELECT variant, value, " + column + " AS place" + from + " AND " + column
                        + " <= ? ORDER BY place, variant",
                row -> {
                    ObjectNode variant = Json.objectIn(variants, row.getString(1));
                    Json.arrayIn(variant, "y").add(row.getDouble(2));
                    page.axis().add(Json.arrayIn(variant, key), row.getLong(3));
                    returned[0]++;
                    return true;
                },
                page.owner(),
                start,
                end);
        return new Numbers(variants, returned[0], returned[0] == 0 ? OptionalLong.empty() : OptionalLong.of(end));
    }

    /** How many numbers the wanted series hold. */
    public static long count(Session session, String owner, MetricSelection metrics) {
        return session.number(
                "SELECT count(*) FROM series JOIN scalar ON scalar.series = series.no WHERE " + OF_OWNER
                        + " AND type = 'training_stats_scalar' AND iter > " + Event.SINGLE_VALUE
                        + metrics.condition(session, owner, Event.SCALAR),
                owner);
    }
}
