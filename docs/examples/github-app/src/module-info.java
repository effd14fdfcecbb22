// SPDX-License-Identifier: Apache-2.0
/** Opens repositories on GitHub with the tokens of a GitHub App. */
module example.githubapp {
    requires ml.clear.agent.api;
    requires java.net.http;

    provides ml.clear.agent.api.spi.AgentPlugin with
            example.githubapp.GitHubAppPlugin;
}
