// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.vcs;

import java.util.Objects;
import ml.clear.agent.api.Stability;

/**
 * What to check out: the first of these that is not empty; with none, the main branch of the repository.
 *
 * @param commit a commit
 * @param tag a tag
 * @param branch a branch
 */
@Stability.Incubating(since = "0.1")
public record Revision(String commit, String tag, String branch) {

    /** Checks for absence. */
    public Revision {
        Objects.requireNonNull(commit);
        Objects.requireNonNull(tag);
        Objects.requireNonNull(branch);
    }
}
