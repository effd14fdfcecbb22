// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.store;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** The order of a list: by some fields, empty values last, ties by id; without fields as documents were added. */
final class Ordering {

    private Ordering() {}

    /** The text after ORDER BY. */
    static String of(Kind kind, JsonNode given) {
        List<String> keys = new ArrayList<>();
        if (given.isString()) {
            keys.add(key(kind, given));
        } else {
            given.forEach(element -> keys.add(key(kind, element)));
        }
        keys.add(keys.isEmpty() ? "t.seq" : "t.id");
        return String.join(", ", keys);
    }

    private static String key(Kind kind, JsonNode given) {
        String name = given.asString("");
        boolean descending = name.startsWith("-");
        String path = descending || name.startsWith("+") ? name.substring(1) : name;
        kind.require(path);
        return kind.fields().of(path).key() + (descending ? " DESC" : " ASC") + " NULLS LAST";
    }
}
