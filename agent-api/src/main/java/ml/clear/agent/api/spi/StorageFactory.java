// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.spi;

import java.util.Set;
import ml.clear.agent.api.Stability;
import ml.clear.agent.api.storage.StorageBackend;

/** Makes a storage backend, which URLs select by their scheme. */
@Stability.Incubating(since = "0.1")
public interface StorageFactory extends Factory<StorageBackend> {

    /** The schemes of the URLs that it serves, in lower case, such as {@code s3}. */
    Set<String> schemes();
}
