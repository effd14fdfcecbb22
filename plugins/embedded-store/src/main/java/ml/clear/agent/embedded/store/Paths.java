// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.store;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Resolves a dotted name in a document. Member names may hold dots themselves. */
final class Paths {

    private Paths() {}

    /**
     * One step down.
     *
     * @param member the member's name
     * @param value its value
     * @param rest what is left of the path
     */
    record Step(String member, JsonNode value, String rest) {}

    /** The first step of a path in an object: its shortest beginning that is a member; null when none is. */
    static @Nullable Step step(ObjectNode object, String path) {
        for (int dot = path.indexOf('.'); ; dot = path.indexOf('.', dot + 1)) {
            String member = dot < 0 ? path : path.substring(0, dot);
            JsonNode value = object.get(member);
            if (value != null) {
                return new Step(member, value, dot < 0 ? "" : path.substring(dot + 1));
            }
            if (dot < 0) {
                return null;
            }
        }
    }
}
