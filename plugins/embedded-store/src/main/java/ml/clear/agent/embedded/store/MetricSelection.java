// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.store;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which series a request is about.
 *
 * @param variants for each wanted metric its wanted variants, all of them where the set is empty; an empty map: everything
 */
public record MetricSelection(Map<String, Set<String>> variants) {

    /** All series. */
    public static final MetricSelection ALL = new MetricSelection(Map.of());

    /** Copies the names. */
    public MetricSelection {
        Map<String, Set<String>> copy = new HashMap<>();
        variants.forEach((metric, names) -> copy.put(metric, Set.copyOf(names)));
        variants = Map.copyOf(copy);
    }

    /** Whether a series is wanted. */
    public boolean wants(String metric, String variant) {
        if (variants.isEmpty()) {
            return true;
        }
        Set<String> wanted = variants.get(metric);
        return wanted != null && (wanted.isEmpty() || wanted.contains(variant));
    }

    /** A condition on the numbers of series, which begins with AND; empty for all series. */
    String condition(Session session, String owner, String type) {
        if (variants.isEmpty()) {
            return "";
        }
        return session
                .list(
                        "SELECT no, metric, variant FROM series WHERE owner = (SELECT no FROM event_owner WHERE id = ?) AND type = ?",
                        row -> wants(row.getString(2), row.getString(3)) ? row.getString(1) : "",
                        owner,
                        type)
                .stream()
                .filter(number -> !number.isEmpty())
                .collect(Collectors.joining(",", " AND series.no IN (", ")"));
    }
}
