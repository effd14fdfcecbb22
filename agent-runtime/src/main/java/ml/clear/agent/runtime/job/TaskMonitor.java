// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.job;

import ml.clear.agent.api.task.TaskId;

/** Tells the server how a task and its machine are, besides the console and the status. Safe for several threads. */
public interface TaskMonitor {

    /** Tells nothing. */
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
     * A task is about to be claimed: the server knows when this returns, if it can be reached. The caller closes what it gets
     * when the claim fails, or when the task is not ours any more.
     */
    Reports claiming(TaskId task);

    /** A task's process runs from now on, and does not measure the machine itself; the caller closes what it gets at its end. */
    Reports running(TaskId task);

    /** Reports under way. */
    @FunctionalInterface
    interface Reports extends AutoCloseable {

        /** None. */
        Reports NONE = () -> {};

        /** End them; returns soon, whatever the server does. */
        @Override
        void close();
    }
}
