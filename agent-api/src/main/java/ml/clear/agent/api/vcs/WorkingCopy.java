// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.vcs;

import java.nio.file.Path;
import java.util.Objects;
import ml.clear.agent.api.Stability;

/**
 * A working copy that a user works in.
 *
 * @param root its top folder, absolute
 * @param origin the address it was cloned from, empty when it has none
 * @param branch the branch, empty when none is checked out
 * @param commit the commit, empty before the first one
 * @param diff the changes since the commit, as a patch; empty when there are none
 */
@Stability.Incubating(since = "0.1")
public record WorkingCopy(Path root, String origin, String branch, String commit, String diff) {

    /** Checks for absence. */
    public WorkingCopy {
        Objects.requireNonNull(root);
        Objects.requireNonNull(origin);
        Objects.requireNonNull(branch);
        Objects.requireNonNull(commit);
        Objects.requireNonNull(diff);
    }
}
