// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.server;

import java.util.function.Consumer;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.execution.Placement;
import ml.clear.agent.api.task.Container;
import ml.clear.agent.api.task.TaskId;

/**
 * Writes what an executor chose into the task, before its execute process begins: that process writes into the same sections.
 * A failure is logged, and keeps no task from running.
 *
 * @param tasks the tasks of the server
 * @param task the task
 */
public record PlacementNote(TaskService tasks, TaskId task) implements Consumer<Placement> {

    private static final System.Logger LOG = System.getLogger(PlacementNote.class.getName());

    @Override
    public void accept(Placement placement) {
        try {
            if (!placement.container().equals(Container.NONE)) {
                tasks.recordContainer(task, placement.container());
            }
            if (!placement.runtime().isEmpty()) {
                tasks.recordRuntime(task, placement.runtime());
            }
        } catch (AgentException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the container of task {0} is not written into the task: {1}",
                    task,
                    e.getMessage());
        }
    }
}
