// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.checkout;

import java.util.Objects;
import ml.clear.agent.api.vcs.LocalCode;
import ml.clear.agent.api.vcs.WorkingCopy;

/**
 * A working copy of a user.
 *
 * @param code reads it
 * @param copy its description
 */
public record UserCopy(LocalCode code, WorkingCopy copy) {

    /** Checks for absence. */
    public UserCopy {
        Objects.requireNonNull(code);
        Objects.requireNonNull(copy);
    }
}
