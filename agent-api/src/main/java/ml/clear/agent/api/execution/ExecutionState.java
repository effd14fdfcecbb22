// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.execution;

import ml.clear.agent.api.Stability;

/** How an execution is. */
@Stability.Incubating(since = "0.1")
public sealed interface ExecutionState {

    /** Waits for its place, in a scheduler for instance. */
    record Waiting() implements ExecutionState {}

    /** Runs. */
    record Running() implements ExecutionState {}

    /**
     * Has ended.
     *
     * @param exitCode the exit code of the execute process; 128 and the number of a signal that ended it
     */
    record Ended(int exitCode) implements ExecutionState {}

    /**
     * Has gone without telling how.
     *
     * @param reason what is known about it
     */
    record Lost(String reason) implements ExecutionState {}
}
