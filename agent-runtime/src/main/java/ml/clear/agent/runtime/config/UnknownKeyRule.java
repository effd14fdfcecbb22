// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

import java.util.Collection;
import java.util.List;

/**
 * How bad an undeclared key is: an error below {@code agent} and {@code api}, else a warning; always a warning when it is
 * among those that have no effect for a known reason.
 */
record UnknownKeyRule(UnknownKeys unknownKeys, List<IneffectiveKeys> ineffective) {

    /** The problem with this key, with the nearest of those that are known. */
    Problem problem(Origin origin, String key, Collection<String> known) {
        return ineffective.stream()
                .filter(keys -> keys.cover(key))
                .findFirst()
                .map(keys -> Problem.warning(origin, "'" + key + "' has no effect: " + keys.reason()))
                .orElseGet(() -> unknown(origin, key, known));
    }

    private Problem unknown(Origin origin, String key, Collection<String> known) {
        String nearest = new NearestKey(known)
                .to(key, 1).stream()
                        .findFirst()
                        .map(near -> "; did you mean '" + near + "'?")
                        .orElse("");
        return new Problem(severity(key), origin, "unknown key '" + key + "'" + nearest);
    }

    private Problem.Severity severity(String key) {
        boolean ours = key.startsWith("agent.") || key.startsWith("api.");
        return ours && unknownKeys == UnknownKeys.REFUSE ? Problem.Severity.ERROR : Problem.Severity.WARNING;
    }
}
