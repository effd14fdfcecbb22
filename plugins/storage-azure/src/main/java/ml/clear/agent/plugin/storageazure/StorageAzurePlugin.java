// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.storageazure;

import java.util.List;
import java.util.Set;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.spi.AgentPlugin;
import ml.clear.agent.api.spi.StorageFactory;

/** Offers Azure Storage. */
public final class StorageAzurePlugin implements AgentPlugin {

    /** For the service loader. */
    public StorageAzurePlugin() {}

    @Override
    public List<Setting<?>> settings() {
        return AzureSettings.all();
    }

    /** A reference to a method instead of a lambda would load the class behind it, and what that needs, with the plugin. */
    @Override
    public List<StorageFactory> storageBackends() {
        return List.of(StorageFactory.of("azure", Set.of("azure"), context -> AzureStorage.of(context)));
    }
}
