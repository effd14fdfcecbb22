// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.boot;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The options of the command line for running one task.
 *
 * @param monitoring where reports about it go
 * @param worker the id of the worker that runs it
 * @param interpreterFlags options of the task's interpreter, such as {@code -O}
 * @param logLevel the level that the SDK in the task logs at
 * @param inPlace whether tasks find all they need on this machine: nothing is cloned and nothing installed
 * @param gpus the GPUs that it may use; {@code none} for no GPU, null when not given
 */
public record ExecuteOptions(
        Monitoring monitoring,
        String worker,
        List<String> interpreterFlags,
        String logLevel,
        boolean inPlace,
        @Nullable String gpus) {

    /** Copies the list. */
    public ExecuteOptions {
        Objects.requireNonNull(monitoring);
        Objects.requireNonNull(worker);
        interpreterFlags = List.copyOf(interpreterFlags);
        Objects.requireNonNull(logLevel);
    }

    /** Where reports about a task go. */
    public enum Monitoring {
        /** The server: console, state of the worker, curves of the machine, the end. */
        FULL,
        /** To the terminal only; the server is only informed that the task was started. */
        NONE
    }

    Optional<String> gpusAskedFor() {
        return Optional.ofNullable(gpus);
    }
}
