// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.server;

import java.util.Map;
import java.util.Objects;
import ml.clear.agent.api.task.Container;
import ml.clear.agent.api.task.Script;

/**
 * A task to make.
 *
 * @param name at least 3 characters
 * @param projectId the project, empty for none
 * @param script what it runs
 * @param container the container, or none
 * @param hyperParameters section to name to value
 */
public record NewTask(
        String name,
        String projectId,
        Script script,
        Container container,
        Map<String, Map<String, String>> hyperParameters) {

    /** Checks for absence. */
    public NewTask {
        Objects.requireNonNull(name);
        Objects.requireNonNull(projectId);
        Objects.requireNonNull(script);
        Objects.requireNonNull(container);
        hyperParameters = Map.copyOf(hyperParameters);
    }
}
