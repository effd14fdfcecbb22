// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

import java.util.LinkedHashMap;
import java.util.Map;

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
            block.members().forEach((name, node) -> variables.put(name, PythonText.of(node)));
        }
        return variables;
    }
}
