// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.store;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * The last values of tasks' scalars, with their extremes, as {@code last_metrics} shows them: under the MD5 of the metric and that
 * of the variant, the keys that clients compute too. For one request: names are read once for all tasks.
 */
public final class Metrics {

    private static final int MOST_NAMED = 50;

    private final boolean shown;
    private final boolean inParts;
    private final Set<Hashes> named;
    private final Map<Long, Name> names = new HashMap<>();

    private Metrics(boolean shown, boolean inParts, Set<Hashes> named) {
        this.shown = shown;
        this.inParts = inParts;
        this.named = named;
    }

    private record Hashes(String metric, String variant) {}

    /** A series' name with the beginning of its member in the object of its metric. */
    private static final class Name {

        final Hashes hashes;
        final byte[] beginning;

        Name(Hashes hashes, byte[] beginning) {
            this.hashes = hashes;
            this.beginning = beginning;
        }

        static Name of(Hashes hashes, String metric, String variant) {
            String text = Json.text(Json.object().put("metric", metric).put("variant", variant));
            String beginning = "\"" + hashes.variant() + "\":" + text.substring(0, text.length() - 1) + ",";
            return new Name(hashes, beginning.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** A series with its statistics as JSON without the first brace, a part of a text of many. */
    private static final class Series {

        private final Name name;
        private final byte[] text;
        private final int from;
        private final int to;

        Series(Name name, byte[] text, int from, int to) {
            this.name = name;
            this.text = text;
            this.from = from;
            this.to = to;
        }

        void write(ByteArrayOutputStream out) {
            out.writeBytes(name.beginning);
            out.write(text, from, to - from);
        }
    }

    /** None of them. */
    static Metrics none() {
        return new Metrics(false, false, Set.of());
    }

    /** All of them. */
    static Metrics all() {
        return new Metrics(true, false, Set.of());
    }

    /** Those that a projection wants: often it names a few of a thousand. */
    static Metrics wantedBy(Projection projection) {
        if (!projection.wants("last_metrics")) {
            return none();
        }
        boolean inParts = false;
        boolean all = false;
        Set<Hashes> named = new LinkedHashSet<>();
        for (String path : projection.below("last_metrics")) {
            String[] parts = path.split("\\.", 4);
            inParts |= parts.length > 1;
            if (parts.length < 3) {
                all = true;
            } else {
                named.add(new Hashes(parts[1], parts[2]));
            }
        }
        return new Metrics(true, inParts, all || named.size() > MOST_NAMED ? Set.of() : named);
    }

    /** Those of a task; a tree where parts of it are wanted, a ready text otherwise. */
    JsonNode of(Session session, String task) {
        Map<String, List<Series>> all = new LinkedHashMap<>();
        String ofTask = "owner = (SELECT no FROM event_owner WHERE id = ?)";
        if (shown && named.isEmpty()) {
            read(session, all, ofTask, task);
        }
        for (Hashes hashes : named) {
            read(
                    session,
                    all,
                    ofTask
                            + " AND name = (SELECT no FROM series_name WHERE metric_hash = ? AND variant_hash = ? AND"
                            + " type = '" + Event.SCALAR + "')",
                    task,
                    hashes.metric(),
                    hashes.variant());
        }
        if (all.isEmpty()) {
            return Json.object();
        }
        byte[] whole = text(all);
        return inParts ? Json.parse(whole) : Json.written(whole);
    }

    private void read(Session session, Map<String, List<Series>> all, String condition, Object... arguments) {
        // One row for all series: of a thousand, most of the time would go into the steps from row to row.
        session.each(
                "SELECT group_concat(name, ','), group_concat(" + SeriesStatistics.JSON + ", char(10)) FROM series_row"
                        + " WHERE " + condition + " AND stat_count > 0",
                row -> {
                    split(session, row, all);
                    return true;
                },
                arguments);
    }

    private void split(Session session, ResultSet row, Map<String, List<Series>> all) throws SQLException {
        String numbers = row.getString(1);
        if (numbers == null) {
            return;
        }
        byte[] statistics = row.getBytes(2);
        int from = 0;
        for (String number : numbers.split(",")) {
            int to = from;
            while (to < statistics.length && statistics[to] != '\n') {
                to++;
            }
            Name name = names.computeIfAbsent(Long.valueOf(number), missing -> name(session, missing));
            all.computeIfAbsent(name.hashes.metric(), metric -> new ArrayList<>())
                    .add(new Series(name, statistics, from + 1, to));
            from = to + 1;
        }
    }

    private static Name name(Session session, long number) {
        return session.first(
                        "SELECT metric_hash, variant_hash, metric, variant FROM series_name WHERE no = ?",
                        row -> Name.of(
                                new Hashes(row.getString(1), row.getString(2)), row.getString(3), row.getString(4)),
                        number)
                .orElseThrow();
    }

    private static byte[] text(Map<String, List<Series>> all) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        char before = '{';
        for (Map.Entry<String, List<Series>> metric : all.entrySet()) {
            out.write(before);
            out.writeBytes(("\"" + metric.getKey() + "\":").getBytes(StandardCharsets.US_ASCII));
            char between = '{';
            for (Series series : metric.getValue()) {
                out.write(between);
                series.write(out);
                between = ',';
            }
            out.write('}');
            before = ',';
        }
        out.write('}');
        return out.toByteArray();
    }

    /** The key of a name in {@code last_metrics}. */
    public static String md5(String name) {
        try {
            MessageDigest digest = MessageDigest.getInstance("MD5");
            return HexFormat.of().formatHex(digest.digest(name.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has MD5", e);
        }
    }
}
