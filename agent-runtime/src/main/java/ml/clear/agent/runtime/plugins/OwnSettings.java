// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.plugins;

import java.util.Optional;
import java.util.Set;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.config.Settings;

/**
 * The settings that one plugin may read: its own and the agent's.
 *
 * @param all every setting
 * @param foreign the keys that other plugins declare
 */
record OwnSettings(Settings all, Set<String> foreign) implements Settings {

    @Override
    public <T> T get(Setting<T> setting) {
        return all.get(checked(setting));
    }

    @Override
    public boolean isSet(Setting<?> setting) {
        return all.isSet(checked(setting));
    }

    @Override
    public Optional<String> place(Setting<?> setting) {
        return all.place(checked(setting));
    }

    private <S extends Setting<?>> S checked(S setting) {
        if (foreign.contains(setting.key())) {
            throw new IllegalArgumentException("setting '" + setting.key() + "' belongs to another plugin");
        }
        return setting;
    }
}
