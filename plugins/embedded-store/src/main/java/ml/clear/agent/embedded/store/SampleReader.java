// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.store;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Single pictures and figures, and the way from one to the next. */
public final class SampleReader {

    private static final String FROM = " FROM series JOIN event ON event.series = series.no"
            + " WHERE owner = (SELECT no FROM event_owner WHERE id = ?1) AND type = ?2";

    private final String owner;
    private final String type;

    /**
     * A reader.
     *
     * @param owner the task or model
     * @param type the type of event, {@link Event#IMAGE} or {@link Event#PLOT}
     */
    public SampleReader(String owner, String type) {
        this.owner = owner;
        this.type = type;
    }

    /** Where a sample is. The variant of figures is empty: those of a metric are shown together. */
    public record Place(String metric, String variant, long iteration) {}

    /** The first and the last iteration of some samples. */
    public record Extent(long least, long greatest) {}

    /**
     * Which way to go.
     *
     * @param earlier whether to go back
     * @param otherIteration whether to leave the iteration in any case
     * @param sameMetric whether to stay with the metric
     */
    public record Step(boolean earlier, boolean otherIteration, boolean sameMetric) {}

    private String variant() {
        return type.equals(Event.PLOT) ? "''" : "variant";
    }

    /** The last sample of a metric, and variant, at an iteration or before it. */
    public Optional<Place> last(Session session, Place wanted) {
        return first(session, " AND metric = ?3 AND " + variant() + " = ?4 AND iter <= ?5 ORDER BY iter DESC", wanted);
    }

    /** The iterations of the samples of a metric, and variant; empty when there are none. */
    public Optional<Extent> extent(Session session, Place place) {
        return session.first(
                        "SELECT min(iter), max(iter), count(*)" + FROM + " AND metric = ?3 AND " + variant() + " = ?4",
                        row -> row.getLong(3) == 0
                                ? Optional.<Extent>empty()
                                : Optional.of(new Extent(row.getLong(1), row.getLong(2))),
                        owner,
                        type,
                        place.metric(),
                        place.variant())
                .flatMap(extent -> extent);
    }

    /** The neighbour of a sample: the next name in the same iteration, else the first name of the next iteration. */
    public Optional<Place> next(Session session, Place from, Step step) {
        String beyond = step.earlier() ? "<" : ">";
        String direction = step.earlier() ? " DESC" : " ASC";
        String order = " ORDER BY iter" + direction + ", metric" + direction + ", part" + direction;
        String metric = step.sameMetric() ? " AND metric = ?3" : "";
        if (!step.otherIteration()) {
            String beside = " AND iter = ?5 AND (metric, " + variant() + ") " + beyond + " (?3, ?4)";
            Optional<Place> found = first(session, metric + beside + order, from);
            if (found.isPresent()) {
                return found;
            }
        }
        return first(session, metric + " AND iter " + beyond + " ?5" + order, from);
    }

    private Optional<Place> first(Session session, String conditionAndOrder, Place place) {
        return session.first(
                "SELECT metric, " + variant() + " AS part, iter" + FROM + conditionAndOrder + " LIMIT 1",
                row -> new Place(row.getString(1), row.getString(2), row.getLong(3)),
                owner,
                type,
                place.metric(),
                place.variant(),
                place.iteration());
    }

    /** The rows of the events at a place. */
    public List<Long> rows(Session session, Place place) {
        return session.list(
                "SELECT seq" + FROM + " AND metric = ?3 AND " + variant() + " = ?4 AND iter = ?5 ORDER BY variant, seq",
                row -> row.getLong(1),
                owner,
                type,
                place.metric(),
                place.variant(),
                place.iteration());
    }

    /** The newest event at a place. */
    public Optional<JsonNode> newest(Session session, Place place) {
        Deque<JsonNode> values = new ArrayDeque<>();
        List<Long> rows = rows(session, place);
        if (!rows.isEmpty()) {
            new EventRows(owner, type).fetch(session, List.of(rows.getLast()), values);
        }
        return Optional.ofNullable(values.peek());
    }
}
