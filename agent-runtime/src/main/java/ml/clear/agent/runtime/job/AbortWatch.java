// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.job;

import java.time.Duration;
import java.util.Optional;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.task.TaskId;
import ml.clear.agent.api.task.TaskStatus;
import ml.clear.agent.runtime.lifecycle.FailureBackoff;
import ml.clear.agent.runtime.server.TaskService;
import ml.clear.agent.runtime.server.TaskState;

/**
 * Polls the state of a task on the server and requests an {@link Abort} when the state demands it.
 *
 * <p>Uses its own thread, and a separate connection behind {@link TaskService#state}, so that a hanging upload does not
 * block it. While the server is unavailable it polls less often, at least every {@link #LONGEST_PAUSE}.
 */
final class AbortWatch implements AutoCloseable {

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);

    /** The status message of a running task whose stop was requested. */
    private static final String STOPPING = "stopping";

    /** One poll may see the moment between two changes; two in a row do not. */
    private static final int POLLS_BEFORE_RESET = 2;

    private final TaskService tasks;
    private final TaskId task;
    private final Abort abort;
    private final ReportGate gate;
    private final Duration period;
    private final Thread thread;
    private boolean running;
    private int createdInARow;

    private AbortWatch(TaskService tasks, TaskId task, Abort abort, ReportGate gate, Duration period, boolean running) {
        this.tasks = tasks;
        this.task = task;
        this.abort = abort;
        this.gate = gate;
        this.period = period;
        this.running = running;
        this.thread = Thread.ofVirtual().name("abort-watch").unstarted(this::watch);
    }

    /**
     * Start watching.
     *
     * @param gate holds reports back while the task may have been reset, and drops them once it belongs to another run
     * @param running whether the task is in progress; if not, its states are ignored until it is
     */
    static AbortWatch start(
            TaskService tasks, TaskId task, Abort abort, ReportGate gate, Duration period, boolean running) {
        AbortWatch watch = new AbortWatch(tasks, task, abort, gate, period, running);
        watch.thread.start();
        return watch;
    }

    private void watch() {
        FailureBackoff backoff = new FailureBackoff(period, LONGEST_PAUSE);
        Duration pause = period;
        try {
            while (!abort.await(pause)) {
                if (look()) {
                    backoff.reset();
                    pause = period;
                } else {
                    pause = backoff.afterFailure();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean look() {
        try {
            Optional<AbortReason> reason = judge(tasks.state(task));
            if (reason.filter(AbortReason::isOfAnotherRun).isPresent()) {
                gate.close();
            }
            reason.ifPresent(abort::request);
            return true;
        } catch (AgentException e) {
            return false; // unavailable, or restarting: the task keeps running
        }
    }

    private Optional<AbortReason> judge(Optional<TaskState> state) {
        if (state.isEmpty()) {
            return Optional.of(AbortReason.DELETED);
        }
        TaskStatus status = state.get().status();
        running |= status == TaskStatus.IN_PROGRESS;
        if (!running) {
            return Optional.empty();
        }
        if (status == TaskStatus.CREATED) {
            gate.hold();
            createdInARow++;
        } else {
            createdInARow = 0;
        }
        return switch (status) {
            case IN_PROGRESS -> {
                gate.pass();
                yield state.get().message().contains(STOPPING)
                        ? Optional.of(AbortReason.STOP_REQUESTED)
                        : Optional.empty();
            }
            case QUEUED -> Optional.of(AbortReason.REQUEUED);
            case STOPPED, CLOSED, PUBLISHED, FAILED -> {
                gate.pass();
                yield Optional.of(AbortReason.STATUS_CHANGED);
            }
            case CREATED -> createdInARow < POLLS_BEFORE_RESET ? Optional.empty() : Optional.of(AbortReason.RESET);
            // A task may set itself to completed and still print its last lines.
            case COMPLETED, PUBLISHING, UNKNOWN -> {
                gate.pass();
                yield Optional.empty();
            }
        };
    }

    /** Stop watching. */
    @Override
    public void close() {
        thread.interrupt();
        gate.release();
    }
}
