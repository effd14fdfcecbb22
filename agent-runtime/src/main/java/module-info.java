// SPDX-License-Identifier: Apache-2.0
/** Loads plugins, talks to the server, runs tasks; also the command line. Exports nothing: plugins see the API alone. */
module ml.clear.agent.runtime {
    requires info.picocli;
    requires ml.clear.agent.api;
    requires static org.jspecify;

    uses ml.clear.agent.api.spi.AgentPlugin;
}
