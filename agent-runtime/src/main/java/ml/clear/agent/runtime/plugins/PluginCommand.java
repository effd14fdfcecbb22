// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.plugins;

import ml.clear.agent.api.spi.PluginContext;
import ml.clear.agent.api.spi.Subcommand;
import ml.clear.agent.api.spi.Subcommand.Action;

/**
 * A subcommand that a plugin contributes, ready to be parsed and run.
 *
 * @param plugin whose it is
 * @param command the command and its children; their actions run at the plugin's edge, so that what they throw names it
 * @param context what the plugin is given
 */
public record PluginCommand(InstalledPlugin plugin, Subcommand command, PluginContext context) {

    /** @param required checks, before an action runs, that the required settings of the plugin are set */
    static PluginCommand of(
            InstalledPlugin plugin, Subcommand command, PluginContext context, PluginCall edge, Runnable required) {
        return new PluginCommand(plugin, guarded(command, edge, required), context);
    }

    private static Subcommand guarded(Subcommand command, PluginCall edge, Runnable required) {
        Action action = command.action();
        return new Subcommand(
                command.name(),
                command.summary(),
                command.options(),
                command.children().stream()
                        .map(child -> guarded(child, edge, required))
                        .toList(),
                action == null
                        ? null
                        : invocation -> {
                            required.run();
                            return edge.run("subcommand '" + command.name() + "'", () -> action.run(invocation));
                        });
    }
}
