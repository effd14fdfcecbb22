// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.plugins.pf4j;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.runtime.plugins.Contributions;

/** Which part declared a setting or took a name first. */
final class Claims {

    private static final String AGENT = "the agent itself";

    private final Map<String, String> owners = new HashMap<>();
    private final Keys keys = new Keys();

    Claims(List<? extends Setting<?>> agentSettings, Collection<String> agentWords) {
        agentSettings.forEach(setting -> {
            owners.put(Contributions.title("setting", setting.key()), AGENT);
            keys.add(setting.key(), AGENT);
        });
        agentWords.forEach(
                word -> owners.put(Contributions.title(word.startsWith("-") ? "option" : "subcommand", word), AGENT));
    }

    /** Take all names that a plugin contributes; throws, and takes none, when one is taken. */
    void claim(String plugin, Contributions contributions) {
        Set<String> own = new HashSet<>();
        for (String title : contributions.titles()) {
            String owner = owners.get(title);
            if (owner != null) {
                throw Reasons.refused(
                        "it contributes " + title + ", as " + owner + " does",
                        owner.equals(AGENT)
                                ? "install a version of the plugin that does not, or remove it"
                                : "remove or disable one of the two");
            }
            if (!own.add(title)) {
                throw Reasons.refused("it contributes " + title + " twice");
            }
        }
        Keys ownKeys = new Keys();
        for (Setting<?> setting : contributions.settings()) {
            keys.check(setting.key());
            ownKeys.check(setting.key());
            ownKeys.add(setting.key(), "the plugin itself");
        }
        own.forEach(title -> owners.put(title, plugin));
        contributions.settings().forEach(setting -> keys.add(setting.key(), plugin));
    }

    /** Keys and the sections that they lie in: what is a section cannot be a value too. */
    private static final class Keys {

        private final Map<String, String> owners = new HashMap<>();
        private final Map<String, String> sections = new HashMap<>();

        void add(String key, String owner) {
            owners.put(key, owner);
            for (int dot = key.lastIndexOf('.'); dot > 0; dot = key.lastIndexOf('.', dot - 1)) {
                sections.putIfAbsent(key.substring(0, dot), key);
            }
        }

        void check(String key) {
            String below = sections.get(key);
            if (below != null) {
                throw overlap(key, "is a section: setting '" + below + "' of " + owners.get(below) + " lies in it");
            }
            for (int dot = key.lastIndexOf('.'); dot > 0; dot = key.lastIndexOf('.', dot - 1)) {
                String above = key.substring(0, dot);
                String owner = owners.get(above);
                if (owner != null) {
                    throw overlap(key, "lies inside setting '" + above + "' of " + owner);
                }
            }
        }

        private static RuntimeException overlap(String key, String how) {
            return Reasons.refused("it contributes " + Contributions.title("setting", key) + ", which " + how);
        }
    }
}
