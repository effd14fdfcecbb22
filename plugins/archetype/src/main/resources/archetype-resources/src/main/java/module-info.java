/** Tokens for repositories from a folder of files. */
module ${package} {
    requires ml.clear.agent.api;

    provides ml.clear.agent.api.spi.AgentPlugin with
            ${package}.TokenPlugin;
}
