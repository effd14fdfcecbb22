// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.store;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A filter by a list of values with its little language: {@code __$all}, {@code __$any}, {@code __$not}, {@code __$nop}, a
 * leading dash to exclude, null for "empty".
 */
final class ValueFilter {

    private final List<@Nullable String> any = new ArrayList<>();
    private final List<@Nullable String> all = new ArrayList<>();
    private final List<@Nullable String> none = new ArrayList<>();
    private boolean operators;

    private ValueFilter() {}

    /** The condition of a filter on a field. */
    static Condition condition(Field field, String name, JsonNode given) {
        ValueFilter filter = new ValueFilter();
        if (given.isArray()) {
            filter.readList(name, given);
        } else {
            filter.any.add(value(name, given));
        }
        return filter.on(field);
    }

    private void readList(String name, JsonNode list) {
        boolean combineAll = false;
        boolean exclude = false;
        for (JsonNode element : list) {
            String value = value(name, element);
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

    private Condition on(Field field) {
        List<Condition> conditions = new ArrayList<>();
        if (!any.isEmpty()) {
            conditions.add(anyOf(field, any));
        }
        all.forEach(value -> conditions.add(has(field, value)));
        if (!none.isEmpty()) {
            conditions.add(anyOf(field, none).not());
        }
        return Condition.all(conditions);
    }

    /** Whether the field has one of some values, where null stands for no value. */
    static Condition anyOf(Field field, List<@Nullable String> values) {
        List<Condition> conditions = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        for (String value : values) {
            if (value != null) {
                texts.add(value);
            }
        }
        if (!texts.isEmpty()) {
            conditions.add(field.equalsAny(texts));
        }
        if (texts.size() < values.size()) {
            conditions.add(field.none());
        }
        return conditions.size() == 1 ? conditions.getFirst() : Condition.any(conditions);
    }

    /** Whether the field has a value, or none for null. */
    static Condition has(Field field, @Nullable String value) {
        return value == null ? field.none() : field.equalsAny(List.of(value));
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
