// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.plugins;

import java.util.Set;

/**
 * Settings that are not declared because their plugin is not started: keys that have no effect, and are no mistakes.
 *
 * @param keys keys of settings, or of whole sections
 * @param reason why the plugin is not started, as one line that names it
 */
public record AbsentSettings(Set<String> keys, String reason) {

    /** Copies the keys. */
    public AbsentSettings {
        keys = Set.copyOf(keys);
    }
}
