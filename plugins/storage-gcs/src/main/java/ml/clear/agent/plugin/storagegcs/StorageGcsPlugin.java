// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.storagegcs;

import java.util.List;
import java.util.Set;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.spi.AgentPlugin;
import ml.clear.agent.api.spi.StorageFactory;

/** Offers Google Cloud Storage. */
public final class StorageGcsPlugin implements AgentPlugin {

    /** For the service loader. */
    public StorageGcsPlugin() {}

    @Override
    public List<Setting<?>> settings() {
        return GcsSettings.all();
    }

    /** A reference to a method instead of a lambda would load the class behind it, and what that needs, with the plugin. */
    @Override
    public List<StorageFactory> storageBackends() {
        return List.of(StorageFactory.of("gcs", Set.of("gs"), context -> GcsStorage.of(context)));
    }
}
