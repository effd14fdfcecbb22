/** The tokens of the command gh for repositories. */
module com.acme.gh {
    requires ml.clear.agent.api;

    provides ml.clear.agent.api.spi.AgentPlugin with
            com.acme.gh.GhPlugin;
}
