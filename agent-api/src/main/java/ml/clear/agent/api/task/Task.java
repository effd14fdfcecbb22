// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.task;

import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import ml.clear.agent.api.Stability;

/**
 * A task as it was when it was read; nothing here changes.
 *
 * @param id its identity
 * @param name the name that people gave it
 * @param projectId the id of its project, empty without one
 * @param status the state at the time of reading
 * @param statusMessage the text beside the state, empty without one
 * @param script what it runs
 * @param container the container it asks for
 * @param hyperParameters section to name to value
 * @param runtime facts that earlier runs left, name to value
 */
@Stability.Incubating(since = "0.1")
public record Task(
        TaskId id,
        String name,
        String projectId,
        TaskStatus status,
        String statusMessage,
        Script script,
        Container container,
        Map<String, Map<String, String>> hyperParameters,
        Map<String, String> runtime) {

    /** Copies the maps, the inner ones too. */
    public Task {
        Objects.requireNonNull(id);
        Objects.requireNonNull(name);
        Objects.requireNonNull(projectId);
        Objects.requireNonNull(status);
        Objects.requireNonNull(statusMessage);
        Objects.requireNonNull(script);
        Objects.requireNonNull(container);
        hyperParameters = hyperParameters.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, section -> Map.copyOf(section.getValue())));
        runtime = Map.copyOf(runtime);
    }
}
