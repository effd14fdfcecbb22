// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.process;

import java.util.HashMap;
import java.util.Map;

/**
 * The environment that the agent was called with, as its tasks must see it.
 *
 * <p>The launcher ({@code distribution/src/main/folder/bin/clearml-agent}) keeps variables such as {@code JAVA_TOOL_OPTIONS}
 * from the agent's own JVM: it moves the value of {@code NAME} to {@code CLEARML_AGENT_SAVED_NAME}.
 */
public final class CallerEnvironment {

    private static final String SAVED = "CLEARML_AGENT_SAVED_";

    private CallerEnvironment() {}

    /**
     * Moves the saved variables back to their own names.
     *
     * @param ours the environment of the agent's process
     * @return a copy that holds no saved variable; one that was set under its own name since then keeps that value
     */
    public static Map<String, String> restored(Map<String, String> ours) {
        var theirs = new HashMap<>(ours);
        theirs.keySet().removeIf(name -> name.startsWith(SAVED));
        ours.forEach((name, value) -> {
            if (name.startsWith(SAVED)) {
                theirs.putIfAbsent(name.substring(SAVED.length()), value);
            }
        });
        return Map.copyOf(theirs);
    }
}
