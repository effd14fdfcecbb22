// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.vcs;

import java.nio.file.Path;
import java.util.Objects;
import ml.clear.agent.api.Stability;

/**
 * A working copy.
 *
 * @param root its top folder, absolute
 * @param commit the full identity of the commit that was checked out
 */
@Stability.Incubating(since = "0.1")
public record Checkout(Path root, String commit) {

    /** Checks for absence. */
    public Checkout {
        Objects.requireNonNull(root);
        Objects.requireNonNull(commit);
    }
}
