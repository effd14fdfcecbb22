// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.config;

import ml.clear.agent.api.Stability;

/** The settings of one plugin, to be checked against each other. Used by one thread, during the call that gets it. */
@Stability.Incubating(since = "0.1")
public interface SettingsCheck {

    /** The values; a required setting that is not given has none. */
    Settings settings();

    /**
     * Report that the configuration cannot be used. The agent adds the file and line of the value, or says that it is the
     * default.
     *
     * @param setting the setting that must change
     * @param problem what is wrong and what is allowed, without full stop, such as {@code "agent.x.min is above agent.x.max"}
     */
    void error(Setting<?> setting, String problem);

    /** As {@link #error}, for a configuration that can be used though perhaps not as meant. */
    void warning(Setting<?> setting, String problem);
}
