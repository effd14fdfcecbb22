// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

import ml.clear.agent.api.config.Setting;

/** A key of the vocabulary that no part of the agent owns. A plugin that declares the key takes its place. */
public record KnownKey(Setting<?> setting, Effect effect) {

    static KnownKey passedOn(Setting<?> setting) {
        return new KnownKey(setting, new Effect.PassedOn());
    }

    static KnownKey ofPlugin(String plugin, Setting<?> setting) {
        return new KnownKey(setting, new Effect.OfPlugin(plugin));
    }

    static KnownKey withoutEffect(Setting<?> setting, String reason) {
        return new KnownKey(setting, new Effect.None(reason));
    }

    static KnownKey retired(Setting<?> setting, String advice) {
        return new KnownKey(setting, new Effect.Retired(advice));
    }

    static KnownKey renamed(Setting<?> setting, String now) {
        return retired(setting, "use " + now);
    }
}
