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
 */
@Stability.Incubating(since = "0.1")
public record WorkingCopy(Path root, String origin, String branch, String commit) {

    /** Checks for absence. */
    public WorkingCopy {
        Objects.requireNonNull(root);
        Objects.requireNonNull(origin);
        Objects.requireNonNull(branch);
        Objects.requireNonNull(commit);
    }
}
