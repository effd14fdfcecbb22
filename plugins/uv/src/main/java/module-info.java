// SPDX-License-Identifier: Apache-2.0
/** Builds environments with uv. */
module ml.clear.agent.plugin.uv {
    requires ml.clear.agent.api;
    requires ml.clear.agent.plugin.pythonsupport;
    requires static org.jspecify;

    provides ml.clear.agent.api.spi.AgentPlugin with
            ml.clear.agent.plugin.uv.UvPlugin;
}
