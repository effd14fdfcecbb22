// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.store;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/** The order of a list: by some fields, empty values last, ties by id; without fields as documents were added. */
final class Ordering {

    private record Field(String path, boolean descending) {}

    /**
     * The sort keys of a document, kept until the page is known.
     *
     * @param id its id
     * @param keys the values of the fields that decide, in order
     */
    record Sortable(String id, List<JsonNode> keys) {}

    private final List<Field> fields;

    private Ordering(List<Field> fields) {
        this.fields = fields;
    }

    static Ordering of(Kind kind, JsonNode given) {
        List<Field> fields = new ArrayList<>();
        if (given.isString()) {
            add(kind, fields, given);
        } else {
            given.forEach(element -> add(kind, fields, element));
        }
        return new Ordering(fields);
    }

    private static void add(Kind kind, List<Field> fields, JsonNode given) {
        String name = given.asString("");
        boolean descending = name.startsWith("-");
        String path = descending || name.startsWith("+") ? name.substring(1) : name;
        kind.require(path);
        fields.add(new Field(path, descending));
    }

    boolean mentions(String top) {
        return fields.stream()
                .anyMatch(field -> field.path().equals(top) || field.path().startsWith(top + "."));
    }

    Sortable key(ObjectNode document) {
        List<JsonNode> keys = new ArrayList<>(fields.size());
        for (Field field : fields) {
            List<JsonNode> values = Paths.values(document, field.path());
            keys.add(values.isEmpty() ? MissingNode.getInstance() : values.getFirst());
        }
        return new Sortable(document.path("id").stringValue(), keys);
    }

    void sort(List<Sortable> documents) {
        if (fields.isEmpty()) {
            return;
        }
        documents.sort(((Comparator<Sortable>) this::compare).thenComparing(Sortable::id));
    }

    private int compare(Sortable left, Sortable right) {
        for (int i = 0; i < fields.size(); i++) {
            int result = compare(
                    left.keys().get(i), right.keys().get(i), fields.get(i).descending());
            if (result != 0) {
                return result;
            }
        }
        return 0;
    }

    private static int compare(JsonNode left, JsonNode right, boolean descending) {
        if (left.isMissingNode() || right.isMissingNode()) {
            return Boolean.compare(left.isMissingNode(), right.isMissingNode());
        }
        int result = left.isNumber() && right.isNumber()
                ? Double.compare(left.asDouble(), right.asDouble())
                : text(left).compareTo(text(right));
        return descending ? -result : result;
    }

    private static String text(JsonNode value) {
        return value.isValueNode() ? value.asString() : Json.text(value);
    }
}
