// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

import java.util.Collection;

/** Reports a key that is not in the vocabulary, with the nearest one of the same section. */
final class UnknownKeyRule {

    private UnknownKeyRule() {}

    /** A warning: a file that another version reads must not stop the agent. */
    static Problem problem(Origin origin, String key, Collection<String> known) {
        String nearest = new NearestKey(known)
                .inSectionOf(key)
                .map(near -> "; did you mean '" + near + "'?")
                .orElse("");
        return Problem.unknownKey(origin, key, "unknown key '" + key + "'" + nearest);
    }
}
