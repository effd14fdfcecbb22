// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.server;

import java.util.Optional;
import ml.clear.agent.api.task.TaskId;

/** Queues and projects by name. Safe for several threads; blocks and fails like {@link TaskService}. */
public interface QueueService {

    /** The id of the queue with this name or id. */
    Optional<String> find(String nameOrId);

    /** Make a queue; one that appears at the same moment under this name is as good. */
    String create(String name);

    /** Take the first task out of a queue; empty when the queue is. */
    Optional<TaskId> next(String queueId);
}
