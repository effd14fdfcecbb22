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

/** The newer form of a filter by values: {@code {any: {include, exclude}, all: {include, exclude}, op}}. */
record MatchFilter(String field, Side any, Side all, boolean either) implements Predicate<ObjectNode> {

    record Side(List<@Nullable String> include, List<@Nullable String> exclude) {

        boolean isEmpty() {
            return include.isEmpty() && exclude.isEmpty();
        }

        boolean anyIn(Set<String> values) {
            return include.stream().anyMatch(value -> ValueFilter.holds(values, value))
                    || exclude.stream().anyMatch(value -> !ValueFilter.holds(values, value));
        }

        boolean allIn(Set<String> values) {
            return include.stream().allMatch(value -> ValueFilter.holds(values, value))
                    && exclude.stream().noneMatch(value -> ValueFilter.holds(values, value));
        }
    }

    static MatchFilter of(String field, JsonNode given) {
        if (!given.isObject()) {
            throw ValueFilter.wrongType("filters." + field);
        }
        return new MatchFilter(
                field,
                side(field, given.path("any")),
                side(field, given.path("all")),
                given.path("op").asString("and").equals("or"));
    }

    private static Side side(String field, JsonNode given) {
        return new Side(values(field, given.path("include")), values(field, given.path("exclude")));
    }

    private static List<@Nullable String> values(String field, JsonNode given) {
        List<@Nullable String> values = new ArrayList<>();
        given.forEach(value -> values.add(ValueFilter.value(field, value)));
        return values;
    }

    @Override
    public boolean test(ObjectNode document) {
        Set<String> values = Paths.values(document, field).stream()
                .map(JsonNode::asString)
                .collect(Collectors.toCollection(HashSet::new));
        if (any.isEmpty() || all.isEmpty()) {
            return (any.isEmpty() || any.anyIn(values)) && (all.isEmpty() || all.allIn(values));
        }
        return either ? any.anyIn(values) || all.allIn(values) : any.anyIn(values) && all.allIn(values);
    }
}
