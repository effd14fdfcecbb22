// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Where the fields of a kind of documents are in the database: in a column, or inside the document.
 *
 * @param columns expressions of fields that have a column, by the field's name
 */
record Fields(Map<String, String> columns) {

    Fields {
        columns = Map.copyOf(columns);
    }

    /** Lists of objects in documents, whose members are named without a position. */
    private static final List<String> LISTS = List.of("models.input", "models.output", "execution.artifacts");

    private static final Pattern METRIC = Pattern.compile("last_metrics\\.([0-9a-f]{32})\\.([0-9a-f]{32})\\.(\\w+)");
    private static final String NUMBERS = "hyperparams.";
    private static final int MOST_NAMES = 6;
    private static final int MOST_READINGS = 50;
    private static final String NOTHING = "json_each('[]') AS e";

    /** The field of a dotted name. */
    Field of(String path) {
        String column = columns.get(path);
        if (column != null) {
            return new Field.Single(column);
        }
        if (path.startsWith("last_metrics.")) {
            return new Field.Single(metric(path));
        }
        return new Field.Inside(rows(path), path.startsWith(NUMBERS));
    }

    /** A number of the statistics of a series; the hashes are checked to be hexadecimal, so that they may be in the text. */
    private static String metric(String path) {
        var matcher = METRIC.matcher(path);
        if (!matcher.matches() || !SeriesStatistics.NAMES.contains(matcher.group(3))) {
            return "NULL";
        }
        return "(SELECT " + SeriesStatistics.column(matcher.group(3))
                + " FROM series_row WHERE owner = (SELECT no FROM event_owner WHERE id = t.id) AND name ="
                + " (SELECT no FROM series_name WHERE metric_hash = '" + matcher.group(1) + "' AND variant_hash = '"
                + matcher.group(2) + "' AND type = '" + Event.SCALAR + "'))";
    }

    private static String rows(String path) {
        if (path.indexOf('"') >= 0) {
            return NOTHING;
        }
        for (String list : LISTS) {
            if (path.startsWith(list + ".")) {
                String element = "CASE list.type WHEN 'object' THEN list.value ELSE '{}' END";
                return "json_each(t.doc, '$." + list + "') AS list, json_each(" + element + ", "
                        + place(element, path.substring(list.length() + 1)) + ") AS e";
            }
        }
        return "json_each(t.doc, " + place("t.doc", path) + ") AS e";
    }

    /**
     * The JSON path of a dotted name. Names of members may hold dots themselves: the first reading that exists counts, shorter
     * names first.
     */
    private static String place(String json, String path) {
        List<String> readings = new ArrayList<>();
        read("$", path, MOST_NAMES, readings);
        StringBuilder sql = new StringBuilder("CASE");
        for (String reading : readings.subList(0, readings.size() - 1)) {
            sql.append(" WHEN json_type(" + json + ", " + quoted(reading) + ") IS NOT NULL THEN " + quoted(reading));
        }
        String last = quoted(readings.getLast());
        return readings.size() == 1 ? last : sql + " ELSE " + last + " END";
    }

    private static void read(String before, String rest, int names, List<String> readings) {
        for (int dot = rest.indexOf('.');
                dot >= 0 && names > 0 && readings.size() < MOST_READINGS;
                dot = rest.indexOf('.', dot + 1)) {
            read(before + ".\"" + rest.substring(0, dot) + '"', rest.substring(dot + 1), names - 1, readings);
        }
        readings.add(before + ".\"" + rest + '"');
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
