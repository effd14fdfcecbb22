// SPDX-License-Identifier: Apache-2.0
/** Runs executions as processes of this machine, each in a session of its own. */
module ml.clear.agent.plugin.executorvenv {
    requires ml.clear.agent.api;
    requires static org.jspecify;

    provides ml.clear.agent.api.spi.AgentPlugin with
            ml.clear.agent.plugin.executorvenv.ExecutorVenvPlugin;
}
