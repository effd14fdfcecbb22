// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.store;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Resolves a dotted name in a document. Member names may hold dots themselves; lists are looked into. */
final class Paths {

    private Paths() {}

    /** All values of the name: the elements of lists, without nulls and empty texts. */
    static List<JsonNode> values(JsonNode document, String path) {
        List<JsonNode> found = new ArrayList<>();
        collect(document, path, found);
        return found;
    }

    private static void collect(JsonNode node, String path, List<JsonNode> found) {
        if (node.isArray()) {
            node.forEach(element -> collect(element, path, found));
        } else if (path.isEmpty()) {
            if (!node.isNull()
                    && !node.isMissingNode()
                    && !(node.isString() && node.stringValue().isEmpty())) {
                found.add(node);
            }
        } else if (node instanceof ObjectNode object) {
            Step step = step(object, path);
            if (step != null) {
                collect(step.value(), step.rest(), found);
            }
        }
    }

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
