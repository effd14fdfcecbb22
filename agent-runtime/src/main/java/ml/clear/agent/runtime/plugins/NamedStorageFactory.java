// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.plugins;

import java.util.Set;
import ml.clear.agent.api.spi.PluginContext;
import ml.clear.agent.api.spi.StorageFactory;
import ml.clear.agent.api.storage.StorageBackend;

/** A plugin's storage factory with its name and schemes, read once, as {@link NamedFactory} has the name of others. */
record NamedStorageFactory(String name, Set<String> schemes, StorageFactory factory) implements StorageFactory {

    /** Copies the schemes. */
    NamedStorageFactory {
        schemes = Set.copyOf(schemes);
    }

    @Override
    public StorageBackend create(PluginContext context) {
        return factory.create(context);
    }
}
