// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.store;

import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** The database failed: a full disk, a damaged file, a defect. */
public final class StoreException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** A failure with its cause. */
    public StoreException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** Whether the disk is full, so that the operation may succeed later. */
    public boolean diskFull() {
        for (Throwable cause = this; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLiteException failure && failure.getResultCode() == SQLiteErrorCode.SQLITE_FULL) {
                return true;
            }
        }
        return false;
    }
}
