// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.spi;

import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import ml.clear.agent.api.Stability;
import ml.clear.agent.api.storage.StorageBackend;

/** Makes a storage backend, which addresses select by their scheme: not before the first address of a scheme is used. */
@Stability.Incubating(since = "0.1")
public interface StorageFactory extends Factory<StorageBackend> {

    /** The schemes of the addresses that it serves, in lower case, such as {@code s3}. */
    Set<String> schemes();

    /** A factory from a name, schemes and a function, often a constructor. */
    static StorageFactory of(
            String name, Set<String> schemes, Function<? super PluginContext, ? extends StorageBackend> maker) {
        Objects.requireNonNull(name);
        Objects.requireNonNull(maker);
        Set<String> all = Set.copyOf(schemes);
        return new StorageFactory() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public Set<String> schemes() {
                return all;
            }

            @Override
            public StorageBackend create(PluginContext context) {
                return maker.apply(context);
            }
        };
    }
}
