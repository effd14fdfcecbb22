// SPDX-License-Identifier: Apache-2.0
/** Finds credentials for repositories in the configuration and in the helpers of git. */
module ml.clear.agent.plugin.credentialsgit {
    requires ml.clear.agent.api;
    requires static org.jspecify;

    provides ml.clear.agent.api.spi.AgentPlugin with
            ml.clear.agent.plugin.credentialsgit.CredentialsGitPlugin;
}
