// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.execution;

import java.util.Objects;

/**
 * Where a task runs, as the server and the task see it.
 *
 * @param daemon the id of the daemon's worker
 * @param worker the id of the worker that runs the task: the daemon's, or a separate one
 * @param gpus the GPUs that are the task's alone, such as {@code 0,1}; empty when it has what the daemon has
 */
public record Assignment(String daemon, String worker, String gpus) {

    private static final String SERVICE = ":service:";

    /** Checks for absence. */
    public Assignment {
        Objects.requireNonNull(daemon);
        Objects.requireNonNull(worker);
        Objects.requireNonNull(gpus);
    }

    /** The daemon's own, for one task at a time. */
    public static Assignment of(String daemon) {
        return new Assignment(daemon, daemon, "");
    }

    /** One of many: the task is a separate worker. */
    public static Assignment service(String daemon, String task) {
        return new Assignment(daemon, daemon + SERVICE + task, "");
    }
}
