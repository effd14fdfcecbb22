// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The top-level block {@code environment}: variables for what the agent runs. Values are written as Python writes them, as the
 * Python agent does.
 */
public final class EnvironmentBlock {

    private static final String NAME = "environment";

    private EnvironmentBlock() {}

    /** The variables; none when {@code agent.apply_environment} is false. */
    public static Map<String, String> of(Configuration configuration) {
        Map<String, String> variables = new LinkedHashMap<>();
        if (configuration.get(TaskSettings.APPLY_ENVIRONMENT)
                && configuration.effective().members().get(NAME) instanceof Node.Group block) {
            block.members().forEach((name, node) -> variables.put(name, text(node)));
        }
        return variables;
    }

    private static String text(Node node) {
        return switch (node) {
            case Node.Null _ -> "";
            case Node.Scalar(var _, String value, var _) -> value;
            case Node.Scalar _, Node.Sequence _, Node.Group _ -> python(node);
        };
    }

    private static String python(Node node) {
        return switch (node) {
            case Node.Null _ -> "None";
            case Node.Scalar(var _, String value, var _) -> "'" + value + "'";
            case Node.Scalar(var _, Boolean value, var _) -> value ? "True" : "False";
            case Node.Scalar(var _, var _, String text) -> text;
            case Node.Sequence list ->
                list.elements().stream().map(EnvironmentBlock::python).collect(Collectors.joining(", ", "[", "]"));
            case Node.Group group ->
                group.members().entrySet().stream()
                        .map(member -> "'" + member.getKey() + "': " + python(member.getValue()))
                        .collect(Collectors.joining(", ", "{", "}"));
        };
    }
}
