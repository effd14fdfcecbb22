// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.job;

import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.task.TaskId;
import ml.clear.agent.runtime.server.TaskService;

/** Writes a task's final status. */
final class FinalStatus {

    private static final System.Logger LOG = System.getLogger(FinalStatus.class.getName());

    private final TaskService tasks;
    private final Worker worker;

    FinalStatus(TaskService tasks, Worker worker) {
        this.tasks = tasks;
        this.worker = worker;
    }

    /** Write it. A task that has ended itself, or was ended by somebody else, keeps what it has. */
    void write(TaskId task, Ending.Status status) {
        try {
            switch (status.kind()) {
                case COMPLETED -> tasks.completed(task, status.reason(), worker.statusMessage());
                case FAILED -> tasks.failed(task, status.reason(), worker.statusMessage());
                case STOPPED -> tasks.stopped(task, status.reason(), worker.statusMessage());
                case LEFT_ALONE -> {}
            }
        } catch (AgentException e) {
            if (e.code() != ErrorCode.CONFLICT && e.code() != ErrorCode.NOT_FOUND) {
                throw e;
            }
            LOG.log(System.Logger.Level.INFO, "task {0} keeps the status it has: {1}", task, e.getMessage());
        }
    }
}
