// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

import java.util.stream.Collectors;

/** Values as Python writes them: {@code True}, {@code [1, 'a']}. */
final class PythonText {

    private PythonText() {}

    /** A text as it is, nothing for null, any other value as Python's {@code str} writes it. */
    static String of(Node node) {
        return switch (node) {
            case Node.Null _ -> "";
            case Node.Scalar(var _, String value, var _) -> value;
            case Node.Scalar _, Node.Sequence _, Node.Group _ -> literal(node);
        };
    }

    private static String literal(Node node) {
        return switch (node) {
            case Node.Null _ -> "None";
            case Node.Scalar(var _, String value, var _) -> "'" + value + "'";
            case Node.Scalar(var _, Boolean value, var _) -> value ? "True" : "False";
            case Node.Scalar(var _, var _, String text) -> text;
            case Node.Sequence list ->
                list.elements().stream().map(PythonText::literal).collect(Collectors.joining(", ", "[", "]"));
            case Node.Group group ->
                group.members().entrySet().stream()
                        .map(member -> "'" + member.getKey() + "': " + literal(member.getValue()))
                        .collect(Collectors.joining(", ", "{", "}"));
        };
    }
}
