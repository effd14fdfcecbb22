// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.process;

import java.util.HashMap;
import java.util.Map;

/**
 * The environment that the agent was called with, as its tasks must see it.
 *
 * <p>The launcher ({@code distribution/src/main/folder/bin/clearml-agent}) keeps variables such as {@code JAVA_TOOL_OPTIONS}
 * from the agent's own JVM: it moves the value of {@code NAME} to {@code CLEARML_AGENT_SAVED_NAME}. It sets {@code LC_ALL} for
 * the agent, and saves what that held; empty when it was not set.
 */
public final class CallerEnvironment {

    private static final String SAVED = "CLEARML_AGENT_SAVED_";
    private static final String LOCALE = "LC_ALL";
    private static final String LOCALE_OF_THE_AGENT = "C.UTF-8";

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
        if (ours.containsKey(SAVED + LOCALE)) {
            theirs.remove(LOCALE, LOCALE_OF_THE_AGENT);
        }
        ours.forEach((name, value) -> {
            if (name.startsWith(SAVED)) {
                theirs.putIfAbsent(name.substring(SAVED.length()), value);
            }
        });
        theirs.remove(LOCALE, "");
        return Map.copyOf(theirs);
    }
}
