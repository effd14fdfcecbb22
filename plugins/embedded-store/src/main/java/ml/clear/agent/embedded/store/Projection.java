// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.store;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The members of a document that a request asks for, nested as they are stored. */
public final class Projection {

    private final List<String> included;
    private final List<String> excluded;

    private Projection(List<String> included, List<String> excluded) {
        this.included = included;
        this.excluded = excluded;
    }

    static Projection of(Kind kind, JsonNode given) {
        if (!given.isMissingNode() && !given.isNull() && !given.isArray()) {
            throw Refusal.bad(14, "Fields not defined for object: object=" + kind.title() + ", fields=" + given);
        }
        List<String> included = new ArrayList<>();
        List<String> excluded = new ArrayList<>();
        for (JsonNode element : given) {
            String name = element.asString("");
            boolean exclude = name.startsWith("-");
            String path = exclude ? name.substring(1) : name;
            kind.require(path);
            (exclude ? excluded : included).add(path);
        }
        return new Projection(included, excluded);
    }

    /** Whether the member is wanted, or something below it. */
    public boolean wants(String top) {
        return !excluded.contains(top)
                && (included.isEmpty()
                        || included.stream().anyMatch(path -> path.equals(top) || path.startsWith(top + ".")));
    }

    /** The wanted names below a member. */
    List<String> below(String top) {
        return included.stream()
                .filter(path -> path.equals(top) || path.startsWith(top + "."))
                .toList();
    }

    /** The wanted part of a document, which may be changed by this. */
    public ObjectNode apply(ObjectNode document) {
        ObjectNode result = document;
        if (!included.isEmpty()) {
            result = Json.object();
            for (String path : included) {
                copy(document, path, result);
            }
        }
        for (String path : excluded) {
            remove(result, path);
        }
        return result;
    }

    private static void copy(ObjectNode from, String path, ObjectNode to) {
        Paths.Step step = Paths.step(from, path);
        if (step == null) {
            return;
        }
        if (step.rest().isEmpty()) {
            to.set(step.member(), step.value());
        } else if (step.value() instanceof ObjectNode inner) {
            copy(inner, step.rest(), Json.objectIn(to, step.member()));
        } else if (step.value() instanceof ArrayNode list) {
            copyList(list, step.rest(), Json.arrayIn(to, step.member()));
        }
    }

    private static void copyList(ArrayNode from, String path, ArrayNode to) {
        for (int i = 0; i < from.size(); i++) {
            ObjectNode target = to.get(i) instanceof ObjectNode present ? present : to.addObject();
            if (from.get(i) instanceof ObjectNode element) {
                copy(element, path, target);
            }
        }
    }

    private static void remove(ObjectNode from, String path) {
        Paths.Step step = Paths.step(from, path);
        if (step == null) {
            return;
        }
        if (step.rest().isEmpty()) {
            from.remove(step.member());
        } else if (step.value() instanceof ObjectNode inner) {
            remove(inner, step.rest());
        }
    }
}
