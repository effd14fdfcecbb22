// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** All conditions of a request together. Unknown names are ignored. */
final class Filters {

    private final Kind kind;
    private final List<Condition> conditions = new ArrayList<>();
    private boolean byId;

    private Filters(Kind kind) {
        this.kind = kind;
    }

    static Condition condition(Kind kind, ObjectNode request) {
        Filters filters = new Filters(kind);
        filters.readIds(request.path("id"));
        for (Map.Entry<String, JsonNode> member : request.properties()) {
            if (!member.getValue().isNull()) {
                filters.read(member.getKey(), member.getValue());
            }
        }
        filters.hide(request);
        return Condition.all(filters.conditions);
    }

    private Field field(String name) {
        return kind.fields().of(name);
    }

    private void readIds(JsonNode given) {
        if (given.isMissingNode() || given.isNull() || (given.isArray() && given.isEmpty())) {
            return;
        }
        if (!given.isArray() && !given.isString()) {
            throw ValueFilter.wrongType("id");
        }
        byId = true;
        conditions.add(ValueFilter.condition(field("id"), "id", given));
    }

    private void read(String name, JsonNode given) {
        switch (name) {
            case "id" -> {}
            case "filters" -> {
                if (!given.isObject()) {
                    throw ValueFilter.wrongType(name);
                }
                given.properties().forEach(member -> {
                    kind.require(member.getKey());
                    conditions.add(MatchFilter.condition(field(member.getKey()), member.getKey(), member.getValue()));
                });
            }
            case "search_text" ->
                conditions.add(TextSearch.condition(
                        kind.searched().stream().map(this::field).toList(), given));
            case "allow_public" -> owned(name, given, false);
            case "non_public" -> owned(name, given, true);
            case "_any_", "_or_" -> conditions.add(Condition.any(severalFields(given)));
            case "_all_", "_and_" -> conditions.add(Condition.all(severalFields(given)));
            default -> readField(name, given);
        }
    }

    /** Whether only documents of the company are wanted; public ones have none. */
    private void owned(String name, JsonNode given, boolean wanted) {
        if (!given.isBoolean()) {
            throw ValueFilter.wrongType(name);
        }
        if (given.booleanValue() == wanted) {
            conditions.add(field("company").none().not());
        }
    }

    private void readField(String name, JsonNode given) {
        if (kind.isText(name)) {
            if (!given.isString()) {
                throw ValueFilter.wrongType(name);
            }
            conditions.add(pattern(field(name), given.stringValue(), false));
        } else if (kind.isRange(name)) {
            if (given.isObject()) {
                throw ValueFilter.wrongType(name);
            }
            conditions.add(RangeFilter.condition(field(name), name, given));
        } else if (name.equals("ready")) {
            if (!given.isBoolean()) {
                throw ValueFilter.wrongType(name);
            }
            conditions.add(
                    Condition.of("coalesce(json_extract(t.doc, '$.ready'), 1) = ?", given.booleanValue() ? 1 : 0));
        } else if (kind.isList(name) && !(given.isArray() && given.isEmpty())) {
            if (!given.isArray() && !given.isString() && !(given.isValueNode() && name.startsWith("runtime."))) {
                throw ValueFilter.wrongType(name);
            }
            conditions.add(ValueFilter.condition(field(name), name, given));
        }
    }

    private List<Condition> severalFields(JsonNode given) {
        if (!given.isObject()) {
            throw ValueFilter.wrongType("_any_");
        }
        List<Condition> each = new ArrayList<>();
        for (JsonNode element : given.path("fields")) {
            String name = element.asString("");
            if (!name.equals("id")) {
                kind.require(name);
            }
            each.add(
                    given.hasNonNull("datetime")
                            ? RangeFilter.condition(field(name), name, given.path("datetime"))
                            : pattern(field(name), given.path("pattern").asString(""), true));
        }
        return each;
    }

    /** An expression that stands for one text, as clients send names, is compared by the index. */
    private static Condition pattern(Field field, String expression, boolean ignoreCase) {
        PythonPattern pattern = PythonPattern.of(expression, ignoreCase);
        if (!ignoreCase && pattern.literal().isPresent()) {
            return field.equalsAny(List.of(pattern.literal().get()));
        }
        return field.some(
                value -> Condition.of(SqlFunctions.MATCHES + "(" + value + ", ?, ?)", expression, ignoreCase ? 1 : 0));
    }

    private void hide(ObjectNode request) {
        JsonNode hidden = request.path("search_hidden");
        if (!hidden.isMissingNode() && !hidden.isNull() && !hidden.isBoolean()) {
            throw ValueFilter.wrongType("search_hidden");
        }
        boolean shown = request.path("search_hidden").asBoolean(false)
                || byId
                || (kind.nameShowsHidden() && request.path("name").isString());
        if (!shown) {
            conditions.add(kind.visible());
        }
    }
}
