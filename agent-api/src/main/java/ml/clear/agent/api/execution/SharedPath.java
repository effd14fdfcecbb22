// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.execution;

import java.nio.file.Path;
import java.util.Objects;
import ml.clear.agent.api.Stability;

/**
 * A file or folder of this machine that an execute process needs at the same path.
 *
 * @param path absolute; exists
 * @param access what the execute process does with it
 */
@Stability.Incubating(since = "0.1")
public record SharedPath(Path path, Access access) {

    /** Checks that the path is absolute. */
    public SharedPath {
        if (!path.isAbsolute()) {
            throw new IllegalArgumentException("a shared path is absolute, got '" + path + "'");
        }
        Objects.requireNonNull(access);
    }

    /** What is done with it. */
    public enum Access {
        /** It is only read. */
        READ,
        /** It is changed too. */
        WRITE
    }
}
