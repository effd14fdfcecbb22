// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.boot;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The options of the command line that concern the configuration.
 *
 * @param configFile the configuration file to read instead of the usual ones; null for these
 * @param variables what options of a command set, under the names of the variables that would set it; stronger than
 *     these
 * @param namesExecutor whether an option of the command line has selected the executor
 * @param ownWords the names of the agent's own commands and of their options, which no plugin may take
 */
public record AgentOptions(
        @Nullable Path configFile, Map<String, String> variables, boolean namesExecutor, Set<String> ownWords) {

    /** Nothing. */
    public static final AgentOptions NONE = new AgentOptions(null, Map.of(), false, Set.of());

    /** Copies the collections. */
    public AgentOptions {
        variables = Map.copyOf(variables);
        ownWords = Set.copyOf(ownWords);
    }
}
