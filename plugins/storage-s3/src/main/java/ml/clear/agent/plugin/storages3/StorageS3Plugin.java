// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.storages3;

import java.util.List;
import java.util.Set;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.spi.AgentPlugin;
import ml.clear.agent.api.spi.StorageFactory;

/** Offers S3 as storage. */
public final class StorageS3Plugin implements AgentPlugin {

    /** For the service loader. */
    public StorageS3Plugin() {}

    @Override
    public List<Setting<?>> settings() {
        return S3Settings.all();
    }

    /** A reference to a method instead of a lambda would load the class behind it, and what that needs, with the plugin. */
    @Override
    public List<StorageFactory> storageBackends() {
        return List.of(StorageFactory.of("s3", Set.of("s3"), context -> S3Storage.of(context)));
    }
}
