// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.storage;

import ml.clear.agent.api.Stability;

/** What a store can do besides reading whole objects. */
@Stability.Incubating(since = "0.1")
public enum StorageCapability {
    /** Store objects. */
    WRITE,
    /** Delete objects. */
    DELETE,
    /** List the objects below a folder. */
    LIST,
    /** Read parts of objects. */
    RANGES,
    /** Write only if the object does not exist, or is the one that was seen. */
    CONDITIONS
}
