// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

import java.util.Set;

/**
 * Keys that have no effect although they are no mistakes, since what reads them is not there.
 *
 * @param keys keys, or whole sections
 * @param reason why they have no effect, as one line
 */
public record IneffectiveKeys(Set<String> keys, String reason) {

    /** Copies the keys. */
    public IneffectiveKeys {
        keys = Set.copyOf(keys);
    }

    /** Whether an undeclared key is one of these, lies below one, or is a section with one. */
    boolean cover(String undeclared) {
        return keys.stream()
                .anyMatch(key ->
                        key.equals(undeclared) || undeclared.startsWith(key + ".") || key.startsWith(undeclared + "."));
    }
}
