// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.store;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * Bounds of a number or a time: {@code [least, greatest]}, or texts with a sign such as {@code >=2026-11-22}. Times are
 * compared as texts, which are stored in a form whose order is that of time.
 */
final class RangeFilter {

    private final String name;
    private final List<Bound> bounds = new ArrayList<>();

    private record Bound(String sign, Object limit) {

        Condition on(String value) {
            String type = limit instanceof String ? "= 'text'" : "IN ('integer', 'real')";
            return Condition.of("typeof(" + value + ") " + type + " AND " + value + " " + sign + " ?", limit);
        }
    }

    private RangeFilter(String name) {
        this.name = name;
    }

    /** The condition of bounds on a field that holds times or numbers. */
    static Condition condition(Field field, String name, JsonNode given) {
        RangeFilter filter = new RangeFilter(name);
        filter.read(given);
        return filter.bounds.isEmpty()
                ? Condition.ALL
                : field.some(value -> Condition.all(
                        filter.bounds.stream().map(bound -> bound.on(value)).toList()));
    }

    private void read(JsonNode given) {
        if (given.isArray() && !signed(given)) {
            if (given.size() > 2) {
                throw ValueFilter.wrongType(name);
            }
            if (given.size() == 1) {
                add(given.get(0), "=");
            } else if (given.size() == 2) {
                add(given.get(0), ">=");
                add(given.get(1), "<=");
            }
        } else if (given.isArray()) {
            given.forEach(element -> add(element, "="));
        } else {
            add(given, "=");
        }
    }

    private static boolean signed(JsonNode list) {
        for (JsonNode element : list) {
            if (element.isString()
                    && (element.stringValue().startsWith(">")
                            || element.stringValue().startsWith("<"))) {
                return true;
            }
        }
        return false;
    }

    private void add(JsonNode given, String sign) {
        if (given.isNull()) {
            return;
        }
        if (given.isNumber()) {
            bounds.add(new Bound(sign, given.asDouble()));
            return;
        }
        if (!given.isString()) {
            throw ValueFilter.wrongType(name);
        }
        String text = given.stringValue();
        int signLength = text.startsWith(">=") || text.startsWith("<=")
                ? 2
                : text.startsWith(">") || text.startsWith("<") ? 1 : 0;
        String ownSign = signLength == 0 ? sign : text.substring(0, signLength);
        bounds.add(new Bound(
                ownSign,
                Timestamps.parse(text.substring(signLength))
                        .map(Timestamps::text)
                        .orElseThrow(() -> ValueFilter.wrongType(name))));
    }
}
