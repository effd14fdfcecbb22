// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.store;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JsonGenerator;
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

    /** A series' name with the beginning of its JSON text. */
    private record Name(Hashes hashes, String beginning) {

        static Name of(Hashes hashes, String metric, String variant) {
            String text = Json.text(Json.object().put("metric", metric).put("variant", variant));
            return new Name(hashes, text.substring(0, text.length() - 1) + ",");
        }
    }

    /** A series with its statistics as JSON. */
    private record Series(Name name, String statistics) {

        void write(JsonGenerator out) {
            out.writeRawValue(name.beginning() + statistics.substring(1));
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

    /** Those of a task; a tree where parts of it are wanted, as a whole it is written from the rows. */
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
        JsonNode whole = all.isEmpty() ? Json.object() : Json.written(out -> write(all, out));
        return inParts ? Json.parseText(Json.text(whole)) : whole;
    }

    private void read(Session session, Map<String, List<Series>> all, String condition, Object... arguments) {
        session.each(
                "SELECT name, " + SeriesStatistics.JSON + " FROM series_row WHERE " + condition + " AND stat_count > 0",
                row -> {
                    Name name = names.computeIfAbsent(row.getLong(1), number -> name(session, number));
                    all.computeIfAbsent(name.hashes().metric(), metric -> new ArrayList<>())
                            .add(new Series(name, row.getString(2)));
                    return true;
                },
                arguments);
    }

    private static Name name(Session session, long number) {
        return session.first(
                        "SELECT metric_hash, variant_hash, metric, variant FROM series_name WHERE no = ?",
                        row -> Name.of(
                                new Hashes(row.getString(1), row.getString(2)), row.getString(3), row.getString(4)),
                        number)
                .orElseThrow();
    }

    private static void write(Map<String, List<Series>> all, JsonGenerator out) {
        out.writeStartObject();
        all.forEach((metric, variants) -> {
            out.writeName(metric);
            out.writeStartObject();
            for (Series series : variants) {
                out.writeName(series.name().hashes().variant());
                series.write(out);
            }
            out.writeEndObject();
        });
        out.writeEndObject();
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
