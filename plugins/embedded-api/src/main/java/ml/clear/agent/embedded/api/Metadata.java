// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import ml.clear.agent.embedded.store.Json;
import ml.clear.agent.embedded.store.Refusal;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The metadata of models and queues: items by their keys. */
final class Metadata {

    private static final String MEMBER = "metadata";

    private Metadata() {}

    /** Add the items of a call, or replace all by them. */
    static void add(Call call, ObjectNode document) {
        ObjectNode present = call.flag("replace_metadata", false)
                ? Json.object()
                : Json.objectIn(document, MEMBER).deepCopy();
        document.set(MEMBER, items(present, call.arguments().path(MEMBER)));
    }

    /** Delete the items that a call names. */
    static void delete(Call call, ObjectNode document) {
        call.texts("keys").forEach(Json.objectIn(document, MEMBER)::remove);
    }

    /** The items with given ones, which are a list or an object of items. */
    static ObjectNode items(ObjectNode present, JsonNode given) {
        for (JsonNode item : given) {
            if (!item.path("key").isString()) {
                throw Refusal.invalid("a metadata item needs a text 'key'");
            }
            present.set(item.path("key").stringValue(), item);
        }
        return present;
    }
}
