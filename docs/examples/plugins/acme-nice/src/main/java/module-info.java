/** Runs tasks with a lower priority. */
module com.acme.nice {
    requires ml.clear.agent.api;

    provides ml.clear.agent.api.spi.AgentPlugin with
            com.acme.nice.NicePlugin;
}
