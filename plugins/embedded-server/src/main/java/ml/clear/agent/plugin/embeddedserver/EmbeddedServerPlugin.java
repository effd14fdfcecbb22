// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.embeddedserver;

import java.util.List;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.service.BackgroundService;
import ml.clear.agent.api.spi.AgentPlugin;
import ml.clear.agent.api.spi.Factory;
import ml.clear.agent.api.spi.Subcommand;

/** Offers a ClearML server on this machine, as a background service and by the command {@code server}. */
public final class EmbeddedServerPlugin implements AgentPlugin {

    /** Called by the service loader. */
    public EmbeddedServerPlugin() {}

    @Override
    public List<Setting<?>> settings() {
        return ServerSettings.ALL;
    }

    @Override
    public List<Factory<BackgroundService>> backgroundServices() {
        return List.of(Factory.of("embedded-server", context -> new EmbeddedServerService(context)));
    }

    @Override
    public List<Subcommand> subcommands() {
        return List.of(ServerCommands.group());
    }
}
