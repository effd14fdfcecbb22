// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.execution;

import java.util.List;
import java.util.Objects;
import ml.clear.agent.api.Stability;
import ml.clear.agent.api.task.Container;
import ml.clear.agent.api.task.Script;
import ml.clear.agent.api.task.TaskId;

/**
 * What an executor may know about a task, for instance to choose an image by it.
 *
 * @param id the task
 * @param name the name of the task; texts are empty when the task lacks the fact
 * @param project the full name of its project; empty also when the executor runs executions on this machine, which needs
 *     no name
 * @param projectId the id of its project
 * @param user the id of the user that it belongs to
 * @param tags its tags
 * @param script what it runs
 * @param container the container that it asks for
 */
@Stability.Incubating(since = "0.1")
public record TaskFacts(
        TaskId id,
        String name,
        String project,
        String projectId,
        String user,
        List<String> tags,
        Script script,
        Container container) {

    /** Copies the tags and checks for absence. */
    public TaskFacts {
        Objects.requireNonNull(id);
        Objects.requireNonNull(name);
        Objects.requireNonNull(project);
        Objects.requireNonNull(projectId);
        Objects.requireNonNull(user);
        tags = List.copyOf(tags);
        Objects.requireNonNull(script);
        Objects.requireNonNull(container);
    }

    /** A task of which nothing else is known. */
    public static TaskFacts of(TaskId id, Container container) {
        return new TaskFacts(id, "", "", "", "", List.of(), Script.NONE, container);
    }

    /** The same with the full name of its project. */
    public TaskFacts inProject(String fullName) {
        return new TaskFacts(id, name, fullName, projectId, user, tags, script, container);
    }

    /** The same asking for another container. */
    public TaskFacts inContainer(Container other) {
        return new TaskFacts(id, name, project, projectId, user, tags, script, other);
    }
}
