// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A value of the configuration as it was written, with its place. Immutable. */
sealed interface Node {

    Origin origin();

    /**
     * A single value.
     *
     * @param value a {@code String}, {@code Boolean} or {@code Number}
     * @param text as it was written, so that 3.10 is not 3.1
     */
    record Scalar(Origin origin, Object value, String text) implements Node {
        static Scalar text(Origin origin, String text) {
            return new Scalar(origin, text, text);
        }
    }

    /** An explicit {@code null}: it hides what weaker sources say. */
    record Null(Origin origin) implements Node {}

    /** A list. */
    record Sequence(Origin origin, List<Node> elements) implements Node {
        public Sequence {
            elements = List.copyOf(elements);
        }
    }

    /** A block; its names are sorted. */
    record Group(Origin origin, Map<String, Node> members) implements Node {
        public Group {
            members = Collections.unmodifiableMap(new TreeMap<>(members));
        }

        static Group empty(Origin origin) {
            return new Group(origin, Map.of());
        }

        /** This block over a weaker one: blocks merge, anything else replaces. */
        Group over(Group weaker) {
            Map<String, Node> merged = new TreeMap<>(weaker.members);
            members.forEach((name, node) -> merged.merge(
                    name,
                    node,
                    (below, above) ->
                            below instanceof Group lower && above instanceof Group upper ? upper.over(lower) : above));
            return new Group(origin, merged);
        }

        /** The node at this path, whose names are joined by dots. */
        Optional<Node> at(String path) {
            int dot = path.indexOf('.');
            if (dot < 0) {
                return Optional.ofNullable(members.get(path));
            }
            return members.get(path.substring(0, dot)) instanceof Group inner
                    ? inner.at(path.substring(dot + 1))
                    : Optional.empty();
        }

        /** The same block with this node at a path; values in the way are replaced by blocks. */
        Group with(String path, Node node) {
            int dot = path.indexOf('.');
            Map<String, Node> changed = new TreeMap<>(members);
            if (dot < 0) {
                changed.put(path, node);
            } else {
                String name = path.substring(0, dot);
                Group inner = members.get(name) instanceof Group group ? group : empty(node.origin());
                changed.put(name, inner.with(path.substring(dot + 1), node));
            }
            return new Group(origin, changed);
        }
    }

    /** The node of a value made of texts, numbers, truth values, and lists and maps of these. */
    static Node of(Origin origin, Object value) {
        return switch (value) {
            case Map<?, ?> map -> {
                Map<String, Node> members = new TreeMap<>();
                map.forEach((name, member) -> members.put(String.valueOf(name), of(origin, member)));
                yield new Group(origin, members);
            }
            case List<?> list -> {
                List<Node> elements = new ArrayList<>(list.size());
                list.forEach(element -> elements.add(of(origin, element)));
                yield new Sequence(origin, elements);
            }
            case Boolean truth -> new Scalar(origin, truth, truth.toString());
            case Number number -> new Scalar(origin, number, number.toString());
            default -> Scalar.text(origin, value.toString());
        };
    }
}
