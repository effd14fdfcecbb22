// SPDX-License-Identifier: Apache-2.0
/** Builds environments from conda's channels, with an installed client or one that the agent brings. */
module ml.clear.agent.plugin.conda {
    requires ml.clear.agent.api;
    requires ml.clear.agent.plugin.pythonsupport;
    requires static org.jspecify;

    provides ml.clear.agent.api.spi.AgentPlugin with
            ml.clear.agent.plugin.conda.CondaPlugin;
}
