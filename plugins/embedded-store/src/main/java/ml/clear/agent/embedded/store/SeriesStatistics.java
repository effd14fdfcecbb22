// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** Last, least, greatest, first and mean value of one series, with their iterations. */
final class SeriesStatistics {

    /** The columns of the statistics, in the order in which they are read. */
    static final String COLUMNS = "stat_count, stat_value, stat_iter, stat_timestamp, stat_min_value,"
            + " stat_min_value_iteration, stat_max_value, stat_max_value_iteration, stat_first_value,"
            + " stat_first_value_iteration, stat_mean_value, stat_x_axis_label";

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

    /** Write the members of an object that is begun. */
    void write(JsonGenerator out) {
        out.writeNumberProperty("value", value);
        out.writeNumberProperty("iter", iteration);
        out.writeNumberProperty("timestamp", timestamp);
        out.writeNumberProperty("min_value", least);
        out.writeNumberProperty("min_value_iteration", leastAt);
        out.writeNumberProperty("max_value", greatest);
        out.writeNumberProperty("max_value_iteration", greatestAt);
        out.writeNumberProperty("first_value", first);
        out.writeNumberProperty("first_value_iteration", firstAt);
        out.writeNumberProperty("count", count);
        out.writeNumberProperty("mean_value", mean);
        if (axis != null) {
            out.writeStringProperty("x_axis_label", axis);
        }
    }
}
