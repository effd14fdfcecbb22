// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Variables of the Python agent that set no key and change nothing here, each with the reason. */
final class VariablesWithoutEffect {

    private static final String CONTAINERS = "containers get this agent, with its options and its configuration";
    private static final String OWN_SERVERS = "the address of the server is read, never guessed";

    private static final Map<String, String> REASONS = Map.ofEntries(
            Map.entry("CLEARML_AGENT_DOCKER_AGENT_REPO", CONTAINERS),
            Map.entry("FORCE_CLEARML_AGENT_REPO", CONTAINERS),
            Map.entry("FORCE_LOCAL_CLEARML_AGENT_WHEEL", CONTAINERS),
            Map.entry("CLEARML_AGENT_SERVICES_DOCKER_RESTART", CONTAINERS),
            Map.entry("CLEARML_AGENT_STANDALONE_CONFIG_BC", CONTAINERS),
            Map.entry("CLEARML_AGENT_CHILD_AGENTS_COUNT_CMD", CONTAINERS),
            Map.entry("CLEARML_NO_DEFAULT_SERVER", OWN_SERVERS),
            Map.entry("TRAINS_NO_DEFAULT_SERVER", OWN_SERVERS),
            Map.entry("CLEARML_AGENT_GPU_FRACTIONS", "GPUs are shared out as a whole"),
            Map.entry("CLEARML_AGENT_DISABLE_VAULT_SUPPORT", "vaults are never fetched"),
            Map.entry("CLEARML_API_VERBOSE", "use the option --debug"),
            Map.entry("CLEARML_AGENT_DEBUG_GET_NEXT_TASK", "use the option --debug"),
            Map.entry("CLEARML_AGENT_DEBUG_INFO", "use the option --debug"),
            Map.entry("CLEARML_AGENT_CONFIG_VERBOSE", "use the command 'config show --origin'"),
            Map.entry("CLEARML_AGENT_URLLIB3_CONNECT_LEVEL", "use the option --debug"),
            Map.entry(
                    "CLEARML_AGENT_INITIAL_CONNECT_RETRY_OVERRIDE",
                    "api.http.retries.total limits every repetition of a request"),
            Map.entry(
                    "CLEARML_AGENT_FORCE_MAX_API_VERSION",
                    "the agent calls only what every supported version answers"));

    private VariablesWithoutEffect() {}

    /** Why a variable changes nothing; empty when this is not known. */
    static String reason(String variable) {
        return REASONS.getOrDefault(variable, "");
    }

    /** One notice for each that is set, in the order of their names. */
    static List<Problem> in(Map<String, String> environment) {
        return new TreeMap<>(REASONS)
                .entrySet().stream()
                        .filter(entry ->
                                !environment.getOrDefault(entry.getKey(), "").isBlank())
                        .map(entry -> Problem.effect(
                                Problem.Severity.NOTICE,
                                Origin.variable(entry.getKey()),
                                entry.getKey(),
                                "has no effect: " + entry.getValue()))
                        .toList();
    }
}
