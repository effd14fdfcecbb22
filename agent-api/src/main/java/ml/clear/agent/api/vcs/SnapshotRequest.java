// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.vcs;

import java.nio.file.Path;
import java.util.Objects;
import ml.clear.agent.api.Stability;
import ml.clear.agent.api.file.SharedCache;

/**
 * A folder of a user to keep as a commit.
 *
 * @param folder the folder, absolute; of a working copy its root
 * @param script a file in the folder that is kept in any case, absolute
 * @param store the snapshots of the agent
 * @param limit the most bytes that the kept files may have together; small files come first
 */
@Stability.Incubating(since = "0.1")
public record SnapshotRequest(Path folder, Path script, SharedCache store, long limit) {

    /** Checks that the script lies in the folder. */
    public SnapshotRequest {
        Objects.requireNonNull(store);
        if (!folder.isAbsolute() || !script.startsWith(folder)) {
            throw new IllegalArgumentException("'" + script + "' is not below '" + folder + "'");
        }
    }
}
