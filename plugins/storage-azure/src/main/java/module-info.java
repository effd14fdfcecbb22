// SPDX-License-Identifier: Apache-2.0
/** Stores objects as blobs of Azure Storage. */
module ml.clear.agent.plugin.storageazure {
    requires java.net.http;
    requires ml.clear.agent.api;
    requires static org.jspecify;

    provides ml.clear.agent.api.spi.AgentPlugin with
            ml.clear.agent.plugin.storageazure.StorageAzurePlugin;
}
