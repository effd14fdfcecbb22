// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.execution;

import java.util.Map;
import java.util.Objects;
import ml.clear.agent.api.Stability;
import ml.clear.agent.api.task.Container;

/**
 * What an executor chose for an execution, to be written into its task.
 *
 * @param container the container, where it is not the one that the task asks for; {@link Container#NONE} to leave the task's as
 *     it is
 * @param runtime facts for the task's runtime section: name to value
 */
@Stability.Incubating(since = "0.1")
public record Placement(Container container, Map<String, String> runtime) {

    /** Copies the facts. */
    public Placement {
        Objects.requireNonNull(container);
        runtime = Map.copyOf(runtime);
    }
}
