// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.environment;

import java.io.IOException;

/** An archive of an environment that is not what was stored. */
final class DamagedArchive extends IOException {

    private static final long serialVersionUID = 1;

    DamagedArchive(String message) {
        super(message);
    }

    DamagedArchive(String message, Exception cause) {
        super(message, cause);
    }
}
