// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.storage;

import java.util.Objects;
import ml.clear.agent.api.Stability;

/**
 * What to list.
 *
 * @param folder the folder; its own key is no part of the result
 * @param recursive whether objects of any depth are listed; otherwise only those of the folder itself, and its folders
 * @param continuation {@link ObjectPage#continuation()} of the page before, empty for the first page
 * @param limit most entries of the page, at least 1; a store may give fewer
 */
@Stability.Incubating(since = "0.1")
public record ObjectListing(StorageAddress folder, boolean recursive, String continuation, int limit) {

    /** A usual number of entries. */
    public static final int USUAL_LIMIT = 1000;

    /** Checks the limit. */
    public ObjectListing {
        Objects.requireNonNull(folder);
        Objects.requireNonNull(continuation);
        if (limit < 1) {
            throw new IllegalArgumentException("a page has at least one entry, got " + limit);
        }
    }

    /** The first page of all objects below a folder. */
    public static ObjectListing below(StorageAddress folder) {
        return new ObjectListing(folder, true, "", USUAL_LIMIT);
    }

    /** The first page of the objects and folders of one folder. */
    public static ObjectListing of(StorageAddress folder) {
        return new ObjectListing(folder, false, "", USUAL_LIMIT);
    }

    /** The page after one that has a continuation. */
    public ObjectListing after(ObjectPage page) {
        return new ObjectListing(folder, recursive, page.continuation(), limit);
    }
}
