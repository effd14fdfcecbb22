// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pythonsupport.tool;

import java.util.Map;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.plugin.pythonsupport.Marker;
import ml.clear.agent.plugin.pythonsupport.VersionSpecifiers;

/**
 * A condition on versions with its marker, such as {@code <22.3 ; python_version <= '3.11'}.
 *
 * @param versions the versions
 * @param marker on which machines it holds, empty for all
 */
public record VersionRule(VersionSpecifiers versions, String marker) {

    /** Read a rule; a leading {@code pip} is allowed, since the value is written like a requirement. */
    public static VersionRule of(String text, Setting<?> setting) {
        int split = text.indexOf(';');
        String versions = (split < 0 ? text : text.substring(0, split)).strip();
        String marker = split < 0 ? "" : text.substring(split + 1).strip();
        return new VersionRule(
                VersionSpecifiers.of(versions.startsWith("pip") ? versions.substring(3) : versions)
                        .orElseThrow(() -> new AgentException(
                                ErrorCode.CONFIGURATION_INVALID,
                                setting.key() + " is '" + text
                                        + "'; expected a condition on versions such as '>=23,<26'")),
                marker);
    }

    /** Whether it holds on a machine, given by its environment markers. */
    public boolean holdsOn(Map<String, String> machine) {
        return Marker.holds(marker, machine).orElse(false);
    }
}
