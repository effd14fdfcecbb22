// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.plugins;

import java.util.List;
import java.util.stream.Stream;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.runtime.config.EditDistance;

/**
 * A configured name that no started plugin registered.
 *
 * @param kind what was looked for
 * @param name the name
 * @param registered the names that are registered
 * @param key the key that holds the name, empty for none
 */
record UnknownName(String kind, String name, List<String> registered, String key) {

    /** A name that no key of the configuration holds. */
    UnknownName(String kind, String name, List<String> registered) {
        this(kind, name, registered, "");
    }

    /** The error, with the problem of each plugin that may have registered the name but was not started. */
    AgentException exception(List<InstalledPlugin> plugins) {
        String known = registered.isEmpty() ? "none is registered" : "registered are " + String.join(", ", registered);
        return new AgentException(
                ErrorCode.PLUGIN_UNUSABLE,
                String.join(
                        "; ",
                        Stream.of(
                                        Stream.of("no " + kind + " is called '" + name + "'", known),
                                        suspects(plugins),
                                        remedy())
                                .flatMap(parts -> parts)
                                .toList()));
    }

    /** The problem of each plugin that may have registered the name but was not started. */
    Stream<String> suspects(List<InstalledPlugin> plugins) {
        return plugins.stream().filter(this::mayHaveIt).flatMap(UnknownName::word);
    }

    private Stream<String> remedy() {
        return key.isEmpty()
                ? Stream.empty()
                : Stream.of("'clearml-agent config explain " + key + "' shows where it is set");
    }

    /** Ids are like the names they register: {@code pip} has pip, {@code executor-slurm} has slurm. */
    private boolean mayHaveIt(InstalledPlugin plugin) {
        String id = plugin.id().replaceFirst("\\.(jar|zip)$", "");
        return like(id)
                || like(id.substring(id.indexOf('-') + 1))
                || List.of(id.split("-", -1)).contains(name);
    }

    private boolean like(String word) {
        int allowed = Math.min(word.length(), name.length()) <= 4 ? 1 : 2;
        return EditDistance.between(word, name) <= allowed;
    }

    private static Stream<String> word(InstalledPlugin plugin) {
        return switch (plugin.status()) {
            case PluginStatus.Started _ -> Stream.empty();
            case PluginStatus.Disabled(String reason) -> Stream.of(plugin.label() + " is disabled: " + reason);
            case PluginStatus.Failed _ -> plugin.problem().stream();
        };
    }
}
