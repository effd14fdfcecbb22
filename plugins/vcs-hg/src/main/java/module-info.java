// SPDX-License-Identifier: Apache-2.0
/** Checks out Mercurial repositories. */
module ml.clear.agent.plugin.vcshg {
    requires ml.clear.agent.api;
    requires static org.jspecify;

    provides ml.clear.agent.api.spi.AgentPlugin with
            ml.clear.agent.plugin.vcshg.VcsHgPlugin;
}
