// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.store;

import tools.jackson.databind.node.ObjectNode;

/** Last, least, greatest, first and mean value of one series, with their iterations. */
final class SeriesStatistics {

    private final ObjectNode values;

    private SeriesStatistics(ObjectNode values) {
        this.values = values;
    }

    static SeriesStatistics empty() {
        return new SeriesStatistics(Json.object());
    }

    static SeriesStatistics parse(String text) {
        return new SeriesStatistics(Json.parseObject(text));
    }

    void add(Event.Scalar scalar) {
        double value = scalar.value();
        long iteration = scalar.place().iteration();
        long count = values.path("count").asLong(0);
        if (count == 0 || iteration >= values.path("iter").asLong()) {
            values.put("value", value).put("iter", iteration).put("timestamp", scalar.timestamp());
        }
        if (count == 0 || value < values.path("min_value").asDouble()) {
            values.put("min_value", value).put("min_value_iteration", iteration);
        }
        if (count == 0 || value > values.path("max_value").asDouble()) {
            values.put("max_value", value).put("max_value_iteration", iteration);
        }
        if (count == 0 || iteration < values.path("first_value_iteration").asLong()) {
            values.put("first_value", value).put("first_value_iteration", iteration);
        }
        double mean = values.path("mean_value").asDouble(0);
        values.put("count", count + 1).put("mean_value", mean + (value - mean) / (count + 1));
        if (!scalar.axis().isEmpty()) {
            values.put("x_axis_label", scalar.axis());
        }
    }

    String text() {
        return Json.text(values);
    }
}
