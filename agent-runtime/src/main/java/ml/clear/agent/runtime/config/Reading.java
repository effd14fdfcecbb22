// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

import ml.clear.agent.api.config.Setting;
import org.jspecify.annotations.Nullable;

/**
 * What was read for one setting.
 *
 * @param owner who declares it
 * @param node the value as written; null when nobody set it and the default applies
 */
record Reading<T>(
        String owner,
        Setting<T> setting,
        T value,
        Origin origin,
        @Nullable Node node) {

    boolean isSet() {
        return node != null;
    }
}
