// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.execution;

import java.nio.file.Path;
import java.util.Objects;
import ml.clear.agent.api.Stability;

/**
 * By what an execution is found again: all that its caller wrote down.
 *
 * @param attempt the attempt
 * @param handle what {@link Execution#handle()} gave; empty when the caller ended before it could write that down
 * @param folder the folder of the execution
 */
@Stability.Incubating(since = "0.1")
public record ExecutionReference(AttemptId attempt, String handle, Path folder) {

    /** Checks for absence. */
    public ExecutionReference {
        Objects.requireNonNull(attempt);
        Objects.requireNonNull(handle);
        Objects.requireNonNull(folder);
    }
}
