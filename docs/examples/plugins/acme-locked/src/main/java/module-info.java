/** Installs what a lock file of the repository names. */
module com.acme.locked {
    requires ml.clear.agent.api;

    provides ml.clear.agent.api.spi.AgentPlugin with
            com.acme.locked.LockedPlugin;
}
