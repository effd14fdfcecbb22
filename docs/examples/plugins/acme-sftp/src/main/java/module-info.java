/** Objects on SFTP servers. */
module com.acme.sftp {
    requires ml.clear.agent.api;

    provides ml.clear.agent.api.spi.AgentPlugin with
            com.acme.sftp.SftpPlugin;
}
