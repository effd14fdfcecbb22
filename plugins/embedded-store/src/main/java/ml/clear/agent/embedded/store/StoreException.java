// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.store;

import org.jspecify.annotations.Nullable;

/** The database failed: a full disk, a damaged file, a defect. */
public final class StoreException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** A failure with its cause. */
    public StoreException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
