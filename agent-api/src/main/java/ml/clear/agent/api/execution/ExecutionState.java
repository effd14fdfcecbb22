// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.execution;

import ml.clear.agent.api.Stability;

/** How an execution is. */
@Stability.Incubating(since = "0.1")
public sealed interface ExecutionState {

    /**
     * Waits for its place, in a scheduler for instance, or for its image.
     *
     * @param reason what for; empty when that is not known
     */
    record Waiting(String reason) implements ExecutionState {}

    /** Runs. */
    record Running() implements ExecutionState {}

    /**
     * Has ended.
     *
     * @param exitCode the exit code of the execute process; 128 and the number of a signal that ended it
     * @param reason why the system that ran it ended it, such as preemption, a quota or a lack of memory; empty when it
     *     ended by itself. Shown in the log of the daemon, and in the status of a task that cannot be finished
     */
    record Ended(int exitCode, String reason) implements ExecutionState {

        /** By itself. */
        public Ended(int exitCode) {
            this(exitCode, "");
        }
    }

    /**
     * No longer exists; how it ended is unknown.
     *
     * @param reason what is known about it; used as the reason of {@link Ended}
     */
    record Lost(String reason) implements ExecutionState {}
}
