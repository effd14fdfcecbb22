// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.plugins.pf4j;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.runtime.plugins.AbsentSettings;
import ml.clear.agent.runtime.plugins.InstalledPlugin;
import ml.clear.agent.runtime.plugins.PluginHostRequest;
import ml.clear.agent.runtime.plugins.PluginStatus;

/**
 * The settings of plugins that were not started: the sections that their descriptors name, and what they declared when they
 * were last started.
 *
 * @param remembered what each plugin declared
 * @param plugins all plugins that were found
 * @param described those whose descriptor could be read, by id
 */
record AbsentKeys(RememberedSettings remembered, List<InstalledPlugin> plugins, Map<String, Discovered> described) {

    /** Remember what the started plugins declare; those that came with the agent name their sections. */
    void remember(PluginHostRequest request) {
        for (InstalledPlugin plugin : plugins) {
            if (plugin.status() instanceof PluginStatus.Started started && !request.isBundled(plugin.origin())) {
                Set<String> keys = started.contributions().settings().stream()
                        .map(Setting::key)
                        .collect(Collectors.toSet());
                remembered.started(plugin.id(), plugin.version(), keys, plugin.origin());
            }
        }
        remembered.save();
    }

    List<AbsentSettings> all() {
        List<AbsentSettings> absent = new ArrayList<>();
        Map<String, RememberedSettings.Entry> removed = remembered.entries();
        Set<String> present = new HashSet<>();
        for (InstalledPlugin plugin : plugins) {
            present.add(plugin.id());
            removed.forEach((id, entry) -> {
                if (entry.origin().equals(plugin.origin())) {
                    present.add(id);
                }
            });
            reason(plugin)
                    .map(reason -> new AbsentSettings(keys(plugin), reason))
                    .ifPresent(absent::add);
        }
        removed.forEach((id, entry) -> {
            if (!present.contains(id)) {
                absent.add(new AbsentSettings(entry.keys(), removal(id, entry)));
            }
        });
        return absent.stream().filter(each -> !each.keys().isEmpty()).toList();
    }

    private static Optional<String> reason(InstalledPlugin plugin) {
        return switch (plugin.status()) {
            case PluginStatus.Started _ -> Optional.empty();
            case PluginStatus.Disabled(String why) -> Optional.of(plugin.label() + " is disabled: " + why);
            case PluginStatus.Failed _ -> plugin.problem();
        };
    }

    private static String removal(String id, RememberedSettings.Entry entry) {
        return InstalledPlugin.label(id, entry.version(), entry.origin())
                + (Files.exists(entry.origin())
                        ? " is in no plugins folder of this configuration; add its folder to agent.plugins.folders"
                        : " is not installed any more; install it again, or remove the key");
    }

    private Set<String> keys(InstalledPlugin plugin) {
        Set<String> keys = new HashSet<>();
        Discovered found = described.get(plugin.id());
        if (found != null) {
            keys.addAll(SectionedDescriptor.sectionsOf(found.descriptor()));
        }
        Optional.ofNullable(remembered.entries().get(plugin.id()))
                .or(() -> remembered.ofOrigin(plugin.origin()))
                .ifPresent(entry -> keys.addAll(entry.keys()));
        return keys;
    }
}
