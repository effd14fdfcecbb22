// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.worker;

import ml.clear.agent.api.execution.Execution;
import ml.clear.agent.runtime.execution.LaunchRecord;
import org.jspecify.annotations.Nullable;

/**
 * Stops one execution at the request of other threads: one that is not started is withdrawn, which interrupts the thread that
 * starts it; one that runs is terminated. Safe for several threads.
 */
final class ExecutionStops {

    private final DaemonContext context;
    private final LaunchRecord record;
    private @Nullable Thread starting;
    private @Nullable Execution current;
    private @Nullable Termination termination;
    private boolean withdrawn;
    private boolean aborted;

    ExecutionStops(DaemonContext context, LaunchRecord record) {
        this.context = context;
        this.record = record;
    }

    /** Requeue the task if it is not started yet. */
    synchronized void withdraw() {
        Thread thread = starting;
        if (thread != null) {
            withdrawn = true;
            thread.interrupt();
        }
    }

    /** Abort the execution; its task gets the usual grace period. */
    synchronized void abort() {
        aborted = true;
        withdraw();
        stopIfAborted();
    }

    /** From here on, until it is started, the execution can be withdrawn: the calling thread is interrupted. */
    synchronized void starting() {
        starting = Thread.currentThread();
    }

    /** The execution runs, and can be aborted. */
    synchronized void started(Execution execution) {
        current = execution;
        starting = null;
        if (withdrawn) {
            Thread.interrupted(); // too late for that
        }
        stopIfAborted();
    }

    /** The execution has ended, or is left. */
    synchronized void ended() {
        current = null;
        Termination running = termination;
        if (running != null) {
            running.close();
        }
    }

    private void stopIfAborted() {
        Execution execution = current;
        if (aborted && execution != null) {
            termination = Termination.begin(execution, record.task(), context);
        }
    }
}
