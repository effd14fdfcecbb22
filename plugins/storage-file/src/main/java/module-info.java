// SPDX-License-Identifier: Apache-2.0
/** Stores objects as files. */
module ml.clear.agent.plugin.storagefile {
    requires ml.clear.agent.api;
    requires static org.jspecify;

    provides ml.clear.agent.api.spi.AgentPlugin with
            ml.clear.agent.plugin.storagefile.StorageFilePlugin;
}
