// SPDX-License-Identifier: Apache-2.0
/** Loads plugins, talks to the server, runs tasks; also the command line. Exports nothing: plugins see the API alone. */
@SuppressWarnings("requires-automatic") // okio, pf4j and the configuration library have no usable module descriptor
module ml.clear.agent.runtime {
    requires info.picocli;
    requires java.logging;
    requires jdk.unsupported; // signals
    requires ml.clear.agent.api;
    requires okhttp3;
    requires okio;
    requires pf4j;
    requires org.slf4j; // pf4j needs it, and as an automatic module cannot say so
    requires static org.jspecify;
    requires tools.jackson.core;
    requires typesafe.config;

    uses ml.clear.agent.api.spi.AgentPlugin;
}
