// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.storage;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import ml.clear.agent.api.Stability;

/**
 * What a store says about an object.
 *
 * @param address where it is
 * @param size bytes, -1 when the store does not say
 * @param modified when it was stored, {@link Instant#EPOCH} when the store does not say
 * @param entityTag changes whenever the content does; compared, never interpreted; empty when the store has none
 * @param checksums digests of the whole content that the store keeps; often none
 */
@Stability.Incubating(since = "0.1")
public record StoredObject(
        StorageAddress address, long size, Instant modified, String entityTag, List<Checksum> checksums) {

    /** Checks for absence and copies the list. */
    public StoredObject {
        Objects.requireNonNull(address);
        Objects.requireNonNull(modified);
        Objects.requireNonNull(entityTag);
        checksums = List.copyOf(checksums);
    }

    /** An object without checksums. */
    public StoredObject(StorageAddress address, long size, Instant modified, String entityTag) {
        this(address, size, modified, entityTag, List.of());
    }
}
