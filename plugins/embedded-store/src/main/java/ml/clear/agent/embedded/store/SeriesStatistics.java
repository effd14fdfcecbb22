// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Last, least, greatest, first and mean value of one series, with their iterations. */
final class SeriesStatistics {

    private static final String PREFIX = "stat_";
    private static final String AXIS = "x_axis_label";
    private static final List<String> NUMBERS = List.of(
            "count",
            "value",
            "iter",
            "timestamp",
            "min_value",
            "min_value_iteration",
            "max_value",
            "max_value_iteration",
            "first_value",
            "first_value_iteration",
            "mean_value");

    /** The names of the statistics, as clients see them. */
    static final List<String> NAMES =
            Stream.concat(NUMBERS.stream(), Stream.of(AXIS)).toList();

    /** The columns of the statistics, in the order in which they are read. */
    static final String COLUMNS = NAMES.stream().map(SeriesStatistics::column).collect(Collectors.joining(", "));

    /** The statistics as a JSON text, made by the database: of a thousand series this is much faster than reading columns. */
    static final String JSON =
            "CASE WHEN " + column(AXIS) + " IS NULL THEN " + json(NUMBERS) + " ELSE " + json(NAMES) + " END";

    /** The column of a statistic. */
    static String column(String name) {
        return PREFIX + name;
    }

    private static String json(List<String> names) {
        return names.stream()
                .map(name -> "'" + name + "', " + column(name))
                .collect(Collectors.joining(", ", "json_object(", ")"));
    }

    private long count;
    private double value;
    private long iteration;
    private long timestamp;
    private double least;
    private long leastAt;
    private double greatest;
    private long greatestAt;
    private double first;
    private long firstAt;
    private double mean;
    private @Nullable String axis;

    static SeriesStatistics read(ResultSet row, int column) throws SQLException {
        SeriesStatistics read = new SeriesStatistics();
        int at = column;
        read.count = row.getLong(at++);
        read.value = row.getDouble(at++);
        read.iteration = row.getLong(at++);
        read.timestamp = row.getLong(at++);
        read.least = row.getDouble(at++);
        read.leastAt = row.getLong(at++);
        read.greatest = row.getDouble(at++);
        read.greatestAt = row.getLong(at++);
        read.first = row.getDouble(at++);
        read.firstAt = row.getLong(at++);
        read.mean = row.getDouble(at++);
        read.axis = row.getString(at);
        return read;
    }

    void add(Event.Scalar scalar) {
        double added = scalar.value();
        long place = scalar.place().iteration();
        if (count == 0 || place >= iteration) {
            value = added;
            iteration = place;
            timestamp = scalar.timestamp();
        }
        if (count == 0 || added < least) {
            least = added;
            leastAt = place;
        }
        if (count == 0 || added > greatest) {
            greatest = added;
            greatestAt = place;
        }
        if (count == 0 || place < firstAt) {
            first = added;
            firstAt = place;
        }
        count++;
        mean += (added - mean) / count;
        if (!scalar.axis().isEmpty()) {
            axis = scalar.axis();
        }
    }

    void save(Session session, long series) {
        session.update(
                "UPDATE series_row SET (" + COLUMNS + ") = (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) WHERE no = ?",
                count,
                value,
                iteration,
                timestamp,
                least,
                leastAt,
                greatest,
                greatestAt,
                first,
                firstAt,
                mean,
                axis,
                series);
    }
}
