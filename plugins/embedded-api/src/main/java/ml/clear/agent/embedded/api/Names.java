// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import java.util.ArrayList;
import java.util.List;
import ml.clear.agent.embedded.store.Json;
import ml.clear.agent.embedded.store.Refusal;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/** Rules that names and tags of all objects obey. */
final class Names {

    private static final int SHORTEST = 3;

    private Names() {}

    /** The name, trimmed. */
    static String checked(String name) {
        String trimmed = name.strip();
        if (trimmed.length() < SHORTEST) {
            throw Refusal.data("name '" + trimmed + "' is too short, it needs at least " + SHORTEST + " characters");
        }
        return trimmed;
    }

    /** Tags, sorted. Duplicates stay. */
    static ArrayNode tags(JsonNode given) {
        if (!given.isArray()) {
            throw Refusal.data("tags must be a list of texts");
        }
        List<String> tags = new ArrayList<>();
        for (JsonNode tag : given) {
            if (!tag.isString()) {
                throw Refusal.data("tags must be a list of texts");
            }
            tags.add(tag.stringValue());
        }
        return list(tags.stream().sorted().toList());
    }

    static ArrayNode list(List<String> texts) {
        ArrayNode list = Json.array();
        texts.forEach(list::add);
        return list;
    }

    static boolean contains(JsonNode list, String text) {
        for (JsonNode element : list) {
            if (element.asString("").equals(text)) {
                return true;
            }
        }
        return false;
    }

    /** The list without a text. */
    static ArrayNode without(JsonNode list, String text) {
        ArrayNode rest = Json.array();
        list.forEach(element -> {
            if (!element.asString("").equals(text)) {
                rest.add(element);
            }
        });
        return rest;
    }

    /** The list with a text, once and sorted. */
    static ArrayNode with(JsonNode list, String text) {
        return tags(without(list, text).add(text));
    }
}
