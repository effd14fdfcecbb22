// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.plugins.pf4j;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.runtime.plugins.Contributions;

/** Who declared a setting or took a name first. */
final class Claims {

    private final Map<String, String> owners = new HashMap<>();

    Claims(List<? extends Setting<?>> agentSettings) {
        agentSettings.forEach(setting -> owners.put(Contributions.title("setting", setting.key()), "the agent itself"));
    }

    /** Take all names that a plugin contributes; throws, and takes none, when one is taken. */
    void claim(String plugin, Contributions contributions) {
        Set<String> own = new HashSet<>();
        for (String title : contributions.titles()) {
            String owner = owners.get(title);
            if (owner != null) {
                throw Reasons.refused(
                        "it contributes " + title + ", as " + owner + " does", "remove or disable one of the two");
            }
            if (!own.add(title)) {
                throw Reasons.refused("it contributes " + title + " twice");
            }
        }
        own.forEach(title -> owners.put(title, plugin));
    }
}
