// SPDX-License-Identifier: Apache-2.0
/** Runs a ClearML-compatible server on this machine, for users who have none. */
module ml.clear.agent.plugin.embeddedserver {
    requires ml.clear.agent.api;
    requires ml.clear.agent.embedded.api;
    requires ml.clear.agent.embedded.store;
    requires static org.jspecify;

    provides ml.clear.agent.api.spi.AgentPlugin with
            ml.clear.agent.plugin.embeddedserver.EmbeddedServerPlugin;
}
