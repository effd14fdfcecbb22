// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.checkout;

import java.util.Objects;
import ml.clear.agent.api.vcs.VersionControl;
import ml.clear.agent.api.vcs.WorkingCopy;

/**
 * A working copy of a user.
 *
 * @param system the version control system that it belongs to
 * @param copy its description
 */
public record UserCopy(VersionControl system, WorkingCopy copy) {

    /** Checks for absence. */
    public UserCopy {
        Objects.requireNonNull(system);
        Objects.requireNonNull(copy);
    }
}
