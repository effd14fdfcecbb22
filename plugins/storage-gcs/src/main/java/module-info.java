// SPDX-License-Identifier: Apache-2.0
/** Stores objects on Google Cloud Storage. */
module ml.clear.agent.plugin.storagegcs {
    requires ml.clear.agent.api;
    requires static org.jspecify;

    provides ml.clear.agent.api.spi.AgentPlugin with
            ml.clear.agent.plugin.storagegcs.StorageGcsPlugin;
}
