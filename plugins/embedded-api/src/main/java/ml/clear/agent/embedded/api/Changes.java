// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import ml.clear.agent.embedded.store.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A document being changed, and the changed fields for the answer. */
final class Changes {

    private final ObjectNode document;
    private final ObjectNode fields = Json.object();

    Changes(ObjectNode document) {
        this.document = document;
    }

    /** Set a top-level member. */
    Changes set(String member, JsonNode value) {
        document.set(member, value);
        fields.set(member, value);
        return this;
    }

    /** Remove a top-level member; the answer shows it as null. */
    Changes clear(String member) {
        document.remove(member);
        fields.putNull(member);
        return this;
    }

    /** Set a top-level text. */
    Changes set(String member, String value) {
        document.put(member, value);
        fields.put(member, value);
        return this;
    }

    /** Removes a top-level member; the answer does not mention it. */
    Changes remove(String member) {
        document.remove(member);
        return this;
    }

    /** Set a text one level down; the answer names it with a dot. */
    Changes setInside(String member, String inner, String value) {
        Json.objectIn(document, member).put(inner, value);
        fields.put(member + "." + inner, value);
        return this;
    }

    boolean isEmpty() {
        return fields.isEmpty();
    }

    ObjectNode document() {
        return document;
    }

    ObjectNode fields() {
        return fields;
    }

    /** The usual answer. */
    ObjectNode answer() {
        ObjectNode answer = Json.object().put("updated", isEmpty() ? 0 : 1);
        answer.set("fields", fields);
        return answer;
    }
}
