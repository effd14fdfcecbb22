// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.environment;

import java.time.Instant;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A copy in the cache.
 *
 * @param key its name
 * @param identity what decided about it, name to value; empty when the copy is of no use
 * @param created when it was made
 * @param used when it was used last
 * @param files how many files it has, without compiled modules
 * @param bytes their size
 */
public record CachedEnvironment(
        String key, SortedMap<String, String> identity, Instant created, Instant used, int files, long bytes) {

    /** Copies the map. */
    public CachedEnvironment {
        identity = new TreeMap<>(identity);
    }

    /** Whether the cache can use it. */
    public boolean usable() {
        return !identity.isEmpty();
    }
}
