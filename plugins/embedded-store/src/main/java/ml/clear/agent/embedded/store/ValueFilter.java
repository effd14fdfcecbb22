// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.store;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A filter by a list of values with its little language: {@code __$all}, {@code __$any}, {@code __$not}, {@code __$nop}, a
 * leading dash to exclude, null for "empty".
 */
final class ValueFilter implements Predicate<ObjectNode> {

    private final String field;
    private final List<@Nullable String> any = new ArrayList<>();
    private final List<@Nullable String> all = new ArrayList<>();
    private final List<@Nullable String> none = new ArrayList<>();
    private boolean operators;

    private ValueFilter(String field) {
        this.field = field;
    }

    static ValueFilter of(String field, JsonNode given) {
        ValueFilter filter = new ValueFilter(field);
        if (given.isArray()) {
            filter.readList(given);
        } else {
            filter.any.add(value(field, given));
        }
        return filter;
    }

    private void readList(JsonNode list) {
        boolean combineAll = false;
        boolean exclude = false;
        for (JsonNode element : list) {
            String value = value(field, element);
            switch (value) {
                case "__$all", "__$and" -> combineAll = true;
                case "__$any", "__$or" -> combineAll = false;
                case "__$not" -> exclude = true;
                case "__$nop" -> {
                    combineAll = false;
                    exclude = false;
                }
                case null, default -> {
                    add(value, combineAll, exclude);
                    exclude = false;
                    continue;
                }
            }
            operators = true;
        }
    }

    private void add(@Nullable String value, boolean combineAll, boolean exclude) {
        boolean dash = value != null && value.length() > 1 && value.startsWith("-") && !operators;
        if (exclude || dash) {
            none.add(value == null || !dash ? value : value.substring(1));
        } else if (combineAll) {
            all.add(value);
        } else {
            any.add(value);
        }
    }

    /** The values one of which is needed, when that is all that the filter says; otherwise an empty list. */
    List<String> plainValues() {
        if (!all.isEmpty() || !none.isEmpty() || any.contains(null)) {
            return List.of();
        }
        return any.stream().map(String::valueOf).toList();
    }

    @Override
    public boolean test(ObjectNode document) {
        Set<String> values = Paths.values(document, field).stream()
                .map(JsonNode::asString)
                .collect(Collectors.toCollection(HashSet::new));
        return (any.isEmpty() || any.stream().anyMatch(value -> holds(values, value)))
                && all.stream().allMatch(value -> holds(values, value))
                && none.stream().noneMatch(value -> holds(values, value));
    }

    static boolean holds(Set<String> values, @Nullable String value) {
        return value == null ? values.isEmpty() : values.contains(value);
    }

    static @Nullable String value(String field, JsonNode given) {
        if (given.isNull()) {
            return null;
        }
        if (given.isValueNode()) {
            return given.asString();
        }
        throw wrongType(field);
    }

    static Refusal wrongType(String field) {
        return Refusal.bad(16, "Invalid value type for field: field=" + field);
    }
}
