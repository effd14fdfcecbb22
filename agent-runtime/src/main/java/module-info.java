// SPDX-License-Identifier: Apache-2.0
/** Loads plugins, talks to the server, runs tasks; also the command line. Exports nothing: plugins see the API alone. */
@SuppressWarnings("requires-automatic") // pf4j ships no usable module descriptor
module ml.clear.agent.runtime {
    requires info.picocli;
    requires ml.clear.agent.api;
    requires pf4j;
    requires static org.jspecify;

    uses ml.clear.agent.api.spi.AgentPlugin;
}
