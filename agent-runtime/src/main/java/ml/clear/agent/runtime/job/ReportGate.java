// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.job;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.task.TaskId;
import ml.clear.agent.api.task.TaskStatus;
import ml.clear.agent.runtime.server.EventService;
import ml.clear.agent.runtime.server.LogEvent;
import ml.clear.agent.runtime.server.ScalarEvent;
import ml.clear.agent.runtime.server.TaskService;
import ml.clear.agent.runtime.server.TaskState;

/**
 * Decides whether the events of one run of a task are sent to the server. Once the task is reset, enqueued again or
 * deleted, it belongs to another run or to none, and nothing more of this run may reach it. Safe for several threads.
 */
final class ReportGate implements EventService {

    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

    private enum Position {
        OPEN,
        /** One look has seen a reset; the next one decides. */
        HELD,
        /** Not known: the first event asks the server. */
        UNKNOWN,
        /** The task is another run's. */
        CLOSED
    }

    private final EventService events;
    private final TaskService tasks;
    private final TaskId task;
    private Position position;

    private ReportGate(EventService events, TaskService tasks, TaskId task, Position position) {
        this.events = events;
        this.tasks = tasks;
        this.task = task;
        this.position = position;
    }

    /** For a task that this process has just claimed. */
    static ReportGate open(EventService events, TaskService tasks, TaskId task) {
        return new ReportGate(events, tasks, task, Position.OPEN);
    }

    /** For a task that may have been reset since anything was last reported: that is looked up before the first event. */
    static ReportGate unknown(EventService events, TaskService tasks, TaskId task) {
        return new ReportGate(events, tasks, task, Position.UNKNOWN);
    }

    /** The task is in progress: events pass. */
    synchronized void pass() {
        move(Position.OPEN);
    }

    /** The task may have been reset: events wait. */
    synchronized void hold() {
        if (position == Position.OPEN) {
            move(Position.HELD);
        }
    }

    /** The state of the task is no longer followed: another request decides about the events that are held. */
    synchronized void release() {
        if (position == Position.HELD) {
            move(Position.UNKNOWN);
        }
    }

    /** The task is another run's: events are dropped, for good. */
    synchronized void close() {
        move(Position.CLOSED);
    }

    private void move(Position next) {
        if (position != Position.CLOSED) {
            position = next;
            notifyAll();
        }
    }

    @Override
    public void addLog(List<LogEvent> log) {
        if (passes()) {
            events.addLog(log);
        }
    }

    @Override
    public boolean hasLog(TaskId id, long timestamp) {
        return !passes() || events.hasLog(id, timestamp);
    }

    @Override
    public void addScalars(List<ScalarEvent> points) {
        if (passes()) {
            events.addScalars(points);
        }
    }

    private boolean passes() {
        try {
            if (awaitDecision() == Position.UNKNOWN) {
                if (belongsToAnotherRun()) {
                    close();
                } else {
                    pass();
                }
            }
            return awaitDecision() != Position.CLOSED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AgentException(ErrorCode.SERVER_UNAVAILABLE, "interrupted before anything was sent", e);
        }
    }

    private synchronized Position awaitDecision() throws InterruptedException {
        while (position == Position.HELD) {
            wait();
        }
        return position;
    }

    /** One look may see the moment between two changes; two do not. */
    private boolean belongsToAnotherRun() throws InterruptedException {
        if (!looksAbandoned(tasks.state(task))) {
            return false;
        }
        TimeUnit.NANOSECONDS.sleep(BETWEEN_LOOKS.toNanos());
        return looksAbandoned(tasks.state(task));
    }

    private static boolean looksAbandoned(Optional<TaskState> state) {
        return state.isEmpty()
                || state.get().status() == TaskStatus.CREATED
                || state.get().status() == TaskStatus.QUEUED;
    }
}
