// SPDX-License-Identifier: Apache-2.0
/** Stores objects on S3. */
@SuppressWarnings("module") // the store has a digit in its name
module ml.clear.agent.plugin.storages3 {
    requires ml.clear.agent.api;
    requires static org.jspecify;

    provides ml.clear.agent.api.spi.AgentPlugin with
            ml.clear.agent.plugin.storages3.StorageS3Plugin;
}
