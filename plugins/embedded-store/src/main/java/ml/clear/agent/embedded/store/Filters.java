// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** All conditions of a request together. Unknown names are ignored. */
final class Filters implements Predicate<ObjectNode> {

    private final Kind kind;
    private final List<Predicate<ObjectNode>> conditions = new ArrayList<>();
    private Narrowing narrowing = Narrowing.NONE;
    private boolean byId;

    private Filters(Kind kind) {
        this.kind = kind;
    }

    static Filters of(Kind kind, ObjectNode request) {
        Filters filters = new Filters(kind);
        filters.readIds(request.path("id"));
        for (Map.Entry<String, JsonNode> member : request.properties()) {
            if (!member.getValue().isNull()) {
                filters.read(member.getKey(), member.getValue());
            }
        }
        filters.hide(request);
        return filters;
    }

    Narrowing narrowing() {
        return narrowing;
    }

    @Override
    public boolean test(ObjectNode document) {
        return conditions.stream().allMatch(condition -> condition.test(document));
    }

    private void readIds(JsonNode given) {
        if (given.isMissingNode() || given.isNull() || (given.isArray() && given.isEmpty())) {
            return;
        }
        if (!given.isArray() && !given.isString()) {
            throw ValueFilter.wrongType("id");
        }
        byId = true;
        ValueFilter filter = ValueFilter.of("id", given);
        conditions.add(filter);
        if (!filter.plainValues().isEmpty()) {
            narrowing = Narrowing.ids(filter.plainValues());
        }
    }

    private void read(String field, JsonNode given) {
        switch (field) {
            case "id" -> {}
            case "filters" -> {
                if (!given.isObject()) {
                    throw ValueFilter.wrongType(field);
                }
                given.properties().forEach(member -> {
                    kind.require(member.getKey());
                    conditions.add(MatchFilter.of(member.getKey(), member.getValue()));
                });
            }
            case "search_text" -> conditions.add(TextSearch.of(kind.searched(), given));
            case "allow_public" -> owned(field, given, false);
            case "non_public" -> owned(field, given, true);
            case "_any_", "_or_" -> conditions.add(severalFields(given, false));
            case "_all_", "_and_" -> conditions.add(severalFields(given, true));
            default -> readField(field, given);
        }
    }

    /** Whether only documents of the company are wanted; public ones have none. */
    private void owned(String field, JsonNode given, boolean wanted) {
        if (!given.isBoolean()) {
            throw ValueFilter.wrongType(field);
        }
        if (given.booleanValue() == wanted) {
            conditions.add(document -> !document.path("company").asString("").isEmpty());
        }
    }

    private void readField(String field, JsonNode given) {
        if (kind.isText(field)) {
            if (!given.isString()) {
                throw ValueFilter.wrongType(field);
            }
            conditions.add(pattern(field, PythonPattern.of(given.stringValue(), false)));
        } else if (kind.isRange(field)) {
            if (given.isObject()) {
                throw ValueFilter.wrongType(field);
            }
            conditions.add(RangeFilter.of(field, given));
        } else if (field.equals("ready")) {
            if (!given.isBoolean()) {
                throw ValueFilter.wrongType(field);
            }
            conditions.add(document -> document.path("ready").asBoolean(true) == given.asBoolean(true));
        } else if (kind.isList(field) && !(given.isArray() && given.isEmpty())) {
            readValues(field, given);
        }
    }

    private void readValues(String field, JsonNode given) {
        if (!given.isArray() && !given.isString() && !(given.isValueNode() && field.startsWith("runtime."))) {
            throw ValueFilter.wrongType(field);
        }
        ValueFilter filter = ValueFilter.of(field, given);
        conditions.add(filter);
        List<String> plain = filter.plainValues();
        if (narrowing.member().isEmpty() && !plain.isEmpty() && plain.size() <= 500 && kind.isIndexed(field)) {
            narrowing = new Narrowing(field, plain);
        }
    }

    private Predicate<ObjectNode> severalFields(JsonNode given, boolean all) {
        if (!given.isObject()) {
            throw ValueFilter.wrongType("_any_");
        }
        List<Predicate<ObjectNode>> each = new ArrayList<>();
        for (JsonNode field : given.path("fields")) {
            String name = field.asString("");
            if (!name.equals("id")) {
                kind.require(name);
            }
            each.add(
                    given.hasNonNull("datetime")
                            ? RangeFilter.of(name, given.path("datetime"))
                            : pattern(
                                    name, PythonPattern.of(given.path("pattern").asString(""), true)));
        }
        return document -> all
                ? each.stream().allMatch(condition -> condition.test(document))
                : each.stream().anyMatch(condition -> condition.test(document));
    }

    private static Predicate<ObjectNode> pattern(String field, PythonPattern pattern) {
        return document -> Paths.values(document, field).stream().anyMatch(value -> pattern.find(value.asString("")));
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
            conditions.add(document -> {
                for (JsonNode tag : document.path("system_tags")) {
                    if (tag.asString("").equals(kind.hiddenTag())) {
                        return false;
                    }
                }
                return true;
            });
        }
    }
}
