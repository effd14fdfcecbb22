// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.server;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import ml.clear.agent.api.task.TaskId;

/** Queues and projects by name. Safe for several threads; blocks and fails like {@link TaskService}. */
public interface QueueService {

    /** The id of the queue with this name or id. */
    Optional<String> find(String nameOrId);

    /** Make a queue; one that appears at the same moment under this name is as good. */
    String create(String name);

    /** The id of the queue that is the server's default; empty when it has none. */
    Optional<String> findDefault();

    /** The names of these queues by their ids; one that does not exist is missing. */
    Map<String, String> names(List<String> queueIds);

    /** Names of other queues that contain the text, at most ten: what may have been meant. */
    List<String> similar(String name);

    /**
     * The first task of a queue, which stays there; empty when the queue is. Not repeated: callers poll.
     *
     * @throws ml.clear.agent.api.error.AgentException {@code NOT_FOUND} when there is no such queue
     */
    Optional<TaskId> first(String queueId);

    /**
     * Take a task out of a queue if it is the first one. Not retried: when the answer is lost, it is unknown whether
     * the task was taken.
     *
     * @return whether it was taken; false when another client was faster
     * @throws ml.clear.agent.api.error.AgentException {@code NOT_FOUND} when there is no such queue, {@code
     *     SERVER_PROTOCOL} when it may have been taken, any other code when it was not
     */
    boolean take(String queueId, TaskId task);

    /** The tags of these queues by their ids; one that does not exist is missing. */
    Map<String, List<String>> tags(List<String> queueIds);

    /**
     * Put a task that was taken and not started back into its queue; its status stays. Not repeated.
     *
     * @throws ml.clear.agent.api.error.AgentException {@code NOT_FOUND} when there is no such queue
     */
    void putBack(String queueId, TaskId task, Place place);

    /** Where in a queue. */
    enum Place {
        /** At the beginning, as if it had never been taken. */
        FRONT,
        /** At the end, so that the other tasks come first. */
        BACK
    }
}
