// SPDX-License-Identifier: Apache-2.0
/** Runs executions in containers. */
module ml.clear.agent.plugin.executordocker {
    requires ml.clear.agent.api;
    requires static org.jspecify;

    provides ml.clear.agent.api.spi.AgentPlugin with
            ml.clear.agent.plugin.executordocker.ExecutorDockerPlugin;
}
