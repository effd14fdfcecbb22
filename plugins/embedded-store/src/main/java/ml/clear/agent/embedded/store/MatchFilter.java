// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.store;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The newer form of a filter by values: {@code {any: {include, exclude}, all: {include, exclude}, op}}. */
final class MatchFilter {

    private record Side(List<@Nullable String> include, List<@Nullable String> exclude) {

        static Side of(String name, JsonNode given) {
            return new Side(values(name, given.path("include")), values(name, given.path("exclude")));
        }

        private static List<@Nullable String> values(String name, JsonNode given) {
            List<@Nullable String> values = new ArrayList<>();
            given.forEach(value -> values.add(ValueFilter.value(name, value)));
            return values;
        }

        boolean isEmpty() {
            return include.isEmpty() && exclude.isEmpty();
        }

        List<Condition> conditions(Field field) {
            List<Condition> conditions = new ArrayList<>();
            include.forEach(value -> conditions.add(ValueFilter.has(field, value)));
            exclude.forEach(
                    value -> conditions.add(ValueFilter.has(field, value).not()));
            return conditions;
        }
    }

    private MatchFilter() {}

    /** The condition of a filter on a field. */
    static Condition condition(Field field, String name, JsonNode given) {
        if (!given.isObject()) {
            throw ValueFilter.wrongType("filters." + name);
        }
        Side any = Side.of(name, given.path("any"));
        Side all = Side.of(name, given.path("all"));
        List<Condition> sides = new ArrayList<>();
        if (!any.isEmpty()) {
            sides.add(Condition.any(any.conditions(field)));
        }
        if (!all.isEmpty()) {
            sides.add(Condition.all(all.conditions(field)));
        }
        boolean either = given.path("op").asString("and").equals("or") && sides.size() > 1;
        return either ? Condition.any(sides) : Condition.all(sides);
    }
}
