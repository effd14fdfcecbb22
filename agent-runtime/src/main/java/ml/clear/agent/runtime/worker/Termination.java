// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.worker;

import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.execution.Execution;
import ml.clear.agent.api.execution.ExecutionState;
import ml.clear.agent.api.task.TaskId;

/**
 * Stops an execution on a thread of its own, and kills it when it still runs after its grace period: its execute process
 * hangs then, or cannot reach the server. Closing leaves the execution as it is.
 */
final class Termination implements AutoCloseable {

    private final Thread thread;

    private Termination(Thread thread) {
        this.thread = thread;
    }

    static Termination begin(Execution execution, TaskId task, DaemonContext context) {
        return new Termination(Thread.ofVirtual().name("termination " + task).start(() -> {
            try {
                terminate(execution, task, context);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // it has ended, or the daemon leaves it
            } catch (AgentException e) {
                context.say("task '" + task + "' cannot be stopped: " + e.getMessage());
            }
        }));
    }

    private static void terminate(Execution execution, TaskId task, DaemonContext context) throws InterruptedException {
        execution.stop();
        ExecutionState state = execution.await(context.abortLimit());
        if (state instanceof ExecutionState.Running || state instanceof ExecutionState.Waiting) {
            context.say("the execute process of task '" + task + "' has not ended "
                    + context.abortLimit().toSeconds() + " s after it was stopped; killing it");
            execution.kill();
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
