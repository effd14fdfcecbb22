// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.plugins;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import ml.clear.agent.api.config.Settings;
import ml.clear.agent.api.process.CommandRunner;
import ml.clear.agent.api.spi.Network;
import ml.clear.agent.api.spi.Secrets;
import ml.clear.agent.api.spi.ServerAccess;
import ml.clear.agent.api.storage.StorageAccess;
import ml.clear.agent.api.vcs.RepositoryAccess;

/**
 * The part of a plugin's context that is the same for all plugins.
 *
 * @param settings the values of all settings, those of the agent and those of all plugins
 * @param commands runs external programs
 * @param network trust and proxies
 * @param secrets what is masked in consoles, logs and messages
 * @param repositories access to repositories for programs that plugins start
 * @param server the ClearML server
 * @param storage objects in the stores of all plugins, asked for when a plugin first needs it
 * @param environment the variables of the agent, read once at its start
 * @param clock the time
 * @param stateFolder holds one folder a plugin for what must survive a restart
 * @param cacheFolder holds one folder a plugin for what may be deleted at any time
 * @param agentCommand the command that starts this agent again
 */
public record SharedPluginContext(
        Settings settings,
        CommandRunner commands,
        Network network,
        Secrets secrets,
        RepositoryAccess repositories,
        ServerAccess server,
        Supplier<? extends StorageAccess> storage,
        Map<String, String> environment,
        InstantSource clock,
        Path stateFolder,
        Path cacheFolder,
        List<String> agentCommand) {

    /** Copies the collections. */
    public SharedPluginContext {
        environment = Map.copyOf(environment);
        agentCommand = List.copyOf(agentCommand);
    }
}
