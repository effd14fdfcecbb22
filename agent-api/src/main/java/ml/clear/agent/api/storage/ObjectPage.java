// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.storage;

import java.util.List;
import java.util.Objects;
import ml.clear.agent.api.Stability;

/**
 * One page of a listing.
 *
 * @param objects the objects
 * @param folders the folders, when the listing is not recursive; their keys end with a slash
 * @param continuation where the next page begins; empty on the last one
 */
@Stability.Incubating(since = "0.1")
public record ObjectPage(List<StoredObject> objects, List<StorageAddress> folders, String continuation) {

    /** Nothing. */
    public static final ObjectPage EMPTY = new ObjectPage(List.of(), List.of(), "");

    /** Copies the lists. */
    public ObjectPage {
        objects = List.copyOf(objects);
        folders = List.copyOf(folders);
        Objects.requireNonNull(continuation);
    }
}
