// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

import ml.clear.agent.api.config.Setting;
import org.jspecify.annotations.Nullable;

/**
 * What was read for one setting.
 *
 * @param owner the id of the plugin that declares it, or {@code agent}
 * @param value null only for a required setting that is not given
 * @param node the value as written; null when it is not set and the default applies
 */
record ResolvedSetting<T>(
        String owner,
        Setting<T> setting,
        Effect effect,
        @Nullable T value,
        Origin origin,
        @Nullable Node node) {

    boolean isSet() {
        return node != null;
    }

    /** Whether something else than the default is set, so that an effect is expected. */
    boolean expectsEffect() {
        return value != null && isSet() && (setting.required() || !value.equals(setting.defaultValue()));
    }
}
