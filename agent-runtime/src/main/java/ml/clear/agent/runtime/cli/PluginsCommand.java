// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.cli;

import java.util.List;
import java.util.function.Supplier;
import ml.clear.agent.api.spi.Subcommand;
import ml.clear.agent.runtime.boot.Agent;
import ml.clear.agent.runtime.plugins.PluginListing;

/** {@code plugins}: what is installed, and what became of it. */
final class PluginsCommand {

    private PluginsCommand() {}

    static Subcommand of(Supplier<Agent> agent) {
        return Subcommand.group(
                "plugins",
                "Show the plugins",
                List.of(Subcommand.of(
                        "list",
                        "Print every plugin with its version, state, origin and contributions, and why one failed",
                        List.of(),
                        invocation -> {
                            invocation.out().print(PluginListing.of(agent.get().plugins()));
                            return ExitCode.OK;
                        })));
    }
}
