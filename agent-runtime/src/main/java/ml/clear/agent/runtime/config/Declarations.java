// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import ml.clear.agent.api.config.Setting;

/**
 * The settings that one part of the agent reads.
 *
 * @param owner the id of a plugin, or {@code agent} for the runtime itself
 */
public record Declarations(String owner, List<Setting<?>> settings) {

    /** Copies the list. */
    public Declarations {
        settings = List.copyOf(settings);
    }

    /**
     * What cannot be declared together: one key by two owners, or a key that is also the section of another.
     *
     * @return one sentence each, naming both owners
     */
    public static List<String> conflicts(List<Declarations> all) {
        List<String> conflicts = new ArrayList<>();
        Map<String, String> owners = new HashMap<>();
        for (Declarations declarations : all) {
            for (Setting<?> setting : declarations.settings) {
                String other = owners.putIfAbsent(setting.key(), declarations.owner);
                if (other != null) {
                    conflicts.add("setting '" + setting.key() + "' is declared by both '" + other + "' and '"
                            + declarations.owner + "'; only one of them can be used");
                }
            }
        }
        owners.forEach((key, owner) -> {
            for (int dot = key.indexOf('.'); dot >= 0; dot = key.indexOf('.', dot + 1)) {
                String above = owners.get(key.substring(0, dot));
                if (above != null) {
                    conflicts.add("setting '" + key + "' of '" + owner + "' lies inside setting '"
                            + key.substring(0, dot) + "' of '" + above + "'; only one of them can be used");
                }
            }
        });
        return conflicts;
    }
}
