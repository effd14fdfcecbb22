// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.storagefile;

import java.util.List;
import java.util.Set;
import ml.clear.agent.api.spi.AgentPlugin;
import ml.clear.agent.api.spi.StorageFactory;

/** Offers folders as storage. */
public final class StorageFilePlugin implements AgentPlugin {

    /** For the service loader. */
    public StorageFilePlugin() {}

    @Override
    public List<StorageFactory> storageBackends() {
        return List.of(StorageFactory.of("file", Set.of("file"), context -> new FileStorage(context.stateFolder())));
    }
}
