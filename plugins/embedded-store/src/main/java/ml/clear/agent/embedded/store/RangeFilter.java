// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.store;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Bounds of a number or a time: {@code [least, greatest]}, or texts with a sign such as {@code >=2026-11-22}. */
record RangeFilter(String field, List<Bound> bounds) implements Predicate<ObjectNode> {

    private interface Bound {
        boolean holds(JsonNode value);
    }

    /** The bounds of a field that holds times or numbers. */
    static RangeFilter of(String field, JsonNode given) {
        List<Bound> bounds = new ArrayList<>();
        if (given.isArray() && !signed(given)) {
            if (given.size() > 2) {
                throw ValueFilter.wrongType(field);
            }
            if (given.size() == 1) {
                add(bounds, field, given.get(0), "=");
            } else if (given.size() == 2) {
                add(bounds, field, given.get(0), ">=");
                add(bounds, field, given.get(1), "<=");
            }
        } else if (given.isArray()) {
            given.forEach(element -> add(bounds, field, element, "="));
        } else {
            add(bounds, field, given, "=");
        }
        return new RangeFilter(field, bounds);
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

    private static void add(List<Bound> bounds, String field, JsonNode given, String sign) {
        if (given.isNull()) {
            return;
        }
        if (given.isNumber()) {
            double limit = given.asDouble();
            bounds.add(value -> value.isNumber() && fits(Double.compare(value.asDouble(), limit), sign));
            return;
        }
        if (!given.isString()) {
            throw ValueFilter.wrongType(field);
        }
        String text = given.stringValue();
        int signLength = text.startsWith(">=") || text.startsWith("<=")
                ? 2
                : text.startsWith(">") || text.startsWith("<") ? 1 : 0;
        String ownSign = signLength == 0 ? sign : text.substring(0, signLength);
        Instant limit = Timestamps.parse(text.substring(signLength)).orElseThrow(() -> ValueFilter.wrongType(field));
        bounds.add(value -> Timestamps.parse(value.asString())
                .filter(time -> fits(time.compareTo(limit), ownSign))
                .isPresent());
    }

    private static boolean fits(int comparison, String sign) {
        return switch (sign) {
            case ">=" -> comparison >= 0;
            case ">" -> comparison > 0;
            case "<=" -> comparison <= 0;
            case "<" -> comparison < 0;
            default -> comparison == 0;
        };
    }

    @Override
    public boolean test(ObjectNode document) {
        List<JsonNode> values = Paths.values(document, field);
        return bounds.isEmpty()
                || values.stream().anyMatch(value -> bounds.stream().allMatch(bound -> bound.holds(value)));
    }
}
