// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.worker;

import java.util.List;
import ml.clear.agent.api.task.TaskId;
import ml.clear.agent.runtime.execution.Assignment;
import ml.clear.agent.runtime.execution.LaunchRecord;

/**
 * How many tasks a daemon runs at once, and where. The running tasks are an argument of each method, so that nothing is
 * counted twice.
 */
public interface Capacity {

    /** Whether it is worth asking the queues. */
    boolean hasRoom(List<LaunchRecord> running);

    /**
     * Whether there is room for a task of this queue; while there is not, it keeps its turn and no less important queue is asked.
     *
     * @param queue the id of the queue
     */
    boolean hasRoomFor(String queue, List<LaunchRecord> running);

    /** Where a task for which there is room runs. */
    Assignment assign(TaskId task, String queue, List<LaunchRecord> running);

    /** Whether each task is a separate worker on the server. */
    boolean ownWorkers();

    /** One task after the other. */
    static Capacity single(String daemon) {
        return new Places(daemon, 1, false);
    }

    /** Several at once, each as a separate worker. */
    static Capacity services(String daemon, int limit) {
        return new Places(daemon, limit, true);
    }

    /**
     * Places that are all alike.
     *
     * @param daemon the id of the daemon's worker
     * @param limit how many there are
     * @param ownWorkers whether each task is a separate worker
     */
    record Places(String daemon, int limit, boolean ownWorkers) implements Capacity {

        /** Checks the number. */
        public Places {
            if (limit < 1) {
                throw new IllegalArgumentException("a daemon has room for at least one task, got '" + limit + "'");
            }
        }

        @Override
        public boolean hasRoom(List<LaunchRecord> running) {
            return running.size() < limit;
        }

        @Override
        public boolean hasRoomFor(String queue, List<LaunchRecord> running) {
            return hasRoom(running);
        }

        @Override
        public Assignment assign(TaskId task, String queue, List<LaunchRecord> running) {
            return ownWorkers ? Assignment.service(daemon, task.value()) : Assignment.of(daemon);
        }
    }
}
