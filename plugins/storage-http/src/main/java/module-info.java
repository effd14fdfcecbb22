// SPDX-License-Identifier: Apache-2.0
/** Stores objects on the files server of ClearML; reads them from any web server. */
module ml.clear.agent.plugin.storagehttp {
    requires java.net.http;
    requires ml.clear.agent.api;
    requires static org.jspecify;

    provides ml.clear.agent.api.spi.AgentPlugin with
            ml.clear.agent.plugin.storagehttp.StorageHttpPlugin;
}
