// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.vcs;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import ml.clear.agent.api.Stability;

/**
 * A folder of a user, kept as a commit of a repository of the agent on this machine.
 *
 * @param copy the folder as a working copy of that repository, without changes
 * @param files how many files were kept
 * @param tooLarge what was left out because of the limit, relative to the folder
 * @param ignored what was left out because the folder's own rules ignore it, relative to the folder; folders stand for their
 *     contents
 */
@Stability.Incubating(since = "0.1")
public record Snapshot(WorkingCopy copy, int files, List<Path> tooLarge, List<Path> ignored) {

    /** Copies the lists. */
    public Snapshot {
        Objects.requireNonNull(copy);
        tooLarge = List.copyOf(tooLarge);
        ignored = List.copyOf(ignored);
    }
}
