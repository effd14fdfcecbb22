// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.job;

import ml.clear.agent.api.task.TaskId;

/**
 * Reports the state of a task and of its machine to the server, besides the console and the status. Safe for several
 * threads.
 */
public interface TaskMonitor {

    /** Reports nothing. */
    TaskMonitor NONE = new TaskMonitor() {
        @Override
        public Reports claiming(TaskId task) {
            return Reports.NONE;
        }

        @Override
        public Reports running(TaskId task) {
            return Reports.NONE;
        }
    };

    /**
     * Report that a task is about to be claimed; sent, if the server can be reached, when this returns. The caller
     * closes the result when the claim fails, or when the task no longer belongs to this process.
     */
    Reports claiming(TaskId task);

    /**
     * Report about a task's process that has started and does not measure the machine itself; the caller closes the
     * result when it ends.
     */
    Reports running(TaskId task);

    /** Reports under way. */
    @FunctionalInterface
    interface Reports extends AutoCloseable {

        /** None. */
        Reports NONE = () -> {};

        /** End the reports; returns soon, even if the server does not answer. */
        @Override
        void close();
    }
}
