// SPDX-License-Identifier: Apache-2.0
/** Checks out git repositories through mirrors that tasks share. */
module ml.clear.agent.plugin.vcsgit {
    requires ml.clear.agent.api;
    requires static org.jspecify;

    provides ml.clear.agent.api.spi.AgentPlugin with
            ml.clear.agent.plugin.vcsgit.VcsGitPlugin;
}
