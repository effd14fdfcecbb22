// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.storagehttp;

import java.util.List;
import java.util.Set;
import ml.clear.agent.api.spi.AgentPlugin;
import ml.clear.agent.api.spi.StorageFactory;

/** Offers the files server and web servers as storage. */
public final class StorageHttpPlugin implements AgentPlugin {

    /** For the service loader. */
    public StorageHttpPlugin() {}

    /** A reference to a method instead of a lambda would load the class behind it, and what that needs, with the plugin. */
    @Override
    public List<StorageFactory> storageBackends() {
        return List.of(StorageFactory.of("http", Set.of("http", "https"), context -> new HttpStorage(context)));
    }
}
