// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.worker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.runtime.execution.LaunchRecord;
import ml.clear.agent.runtime.execution.PendingDequeue;
import ml.clear.agent.runtime.lifecycle.FailureBackoff;
import ml.clear.agent.runtime.lifecycle.Stop;

/**
 * The executions that this daemon is responsible for, one thread each. Closing leaves them: they continue without a
 * daemon. Safe for several threads.
 */
final class Executions implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(Executions.class.getName());
    private static final Duration LONGEST_FAREWELL = Duration.ofSeconds(40);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
    private static final Duration LOOK = Duration.ofMillis(100);

    private final DaemonContext context;
    private final FailureBackoff refusals;
    private final List<Entry> entries = new ArrayList<>();
    private Duration pause = Duration.ZERO;
    private volatile Runnable changed = () -> {};

    private record Entry(SupervisedExecution execution, boolean counted, Thread thread) {

        LaunchRecord record() {
            return execution.record();
        }
    }

    private interface Step {
        SupervisedExecution.Result run(SupervisedExecution execution) throws InterruptedException;
    }

    /** None yet. */
    Executions(DaemonContext context) {
        this.context = context;
        this.refusals = new FailureBackoff(context.patience(), LONGEST_PAUSE);
    }

    /** Call this when one begins or ends; it must return quickly. */
    void onChange(Runnable listener) {
        changed = listener;
    }

    /** Start one that was just taken. */
    void start(LaunchRecord record, PendingDequeue dequeue) {
        begin(record, true, execution -> execution.run(dequeue));
    }

    /**
     * Resume an execution that a dead daemon left.
     *
     * @param counted whether it takes a place of this worker
     */
    void adopt(LaunchRecord record, boolean counted) {
        begin(record, counted, SupervisedExecution::adopt);
    }

    /** Settle a dequeue whose end is unknown; until then it takes a place of this worker. */
    void settle(LaunchRecord record, PendingDequeue dequeue) {
        begin(record, true, execution -> execution.settle(dequeue));
    }

    /** The executions in progress that occupy a place of this worker. */
    synchronized List<LaunchRecord> current() {
        return entries.stream().filter(Entry::counted).map(Entry::record).toList();
    }

    /** All that are under way. */
    synchronized List<LaunchRecord> all() {
        return entries.stream().map(Entry::record).toList();
    }

    /**
     * Wait until there is room for another execution, up to a limit.
     *
     * @param room whether there is room beside the executions in progress
     * @return whether there is room
     */
    synchronized boolean awaitRoom(Predicate<List<LaunchRecord>> room, Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        long left = limit.toNanos();
        while (!room.test(current()) && left > 0) {
            wait(Math.max(1, left / 1_000_000));
            left = deadline - System.nanoTime();
        }
        return room.test(current());
    }

    /** How long to wait before another one is taken, since the last could not be started; asked once each time. */
    synchronized Duration pause() {
        Duration asked = pause;
        pause = Duration.ZERO;
        return asked;
    }

    /** Requeue the executions that are not started. */
    void withdraw() {
        snapshot().forEach(entry -> entry.execution().withdraw());
    }

    /** Abort all executions; those that are not started are requeued. */
    void abort() {
        snapshot().forEach(entry -> entry.execution().abort());
    }

    /** Wait until none is left, or a stop ends the waiting. */
    void awaitEnd(Stop leave) throws InterruptedException {
        while (!all().isEmpty() && !leave.await(LOOK)) {
            // once more
        }
    }

    /** Leave the executions: running ones continue, those that are not started are requeued. */
    @Override
    public void close() throws InterruptedException {
        List<Thread> threads = snapshot().stream().map(Entry::thread).toList();
        threads.forEach(Thread::interrupt);
        long start = System.nanoTime();
        for (Thread thread : threads) {
            Duration left = LONGEST_FAREWELL.minusNanos(System.nanoTime() - start);
            thread.join(left.isPositive() ? left : Duration.ofMillis(1));
        }
    }

    private synchronized List<Entry> snapshot() {
        return new ArrayList<>(entries);
    }

    private void begin(LaunchRecord record, boolean counted, Step step) {
        SupervisedExecution execution = new SupervisedExecution(context, record);
        Thread thread =
                Thread.ofVirtual().name("execution " + record.task()).unstarted(() -> supervise(execution, step));
        synchronized (this) {
            entries.add(new Entry(execution, counted, thread));
        }
        changed.run();
        thread.start();
    }

    private void supervise(SupervisedExecution execution, Step step) {
        boolean left = false;
        String task = execution.record().task().value();
        try {
            ended(step.run(execution));
        } catch (InterruptedException e) {
            left = !execution.isOver();
        } catch (AgentException e) {
            if (Thread.interrupted()) { // regardless of what was interrupted
                left = true;
                return;
            }
            context.say("task '" + task + "' is no longer supervised: " + e.getMessage());
            ended(SupervisedExecution.Result.REFUSED);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "task " + task + " is no longer supervised", e);
            ended(SupervisedExecution.Result.REFUSED);
        } finally {
            if (!left) {
                forget(execution);
            }
        }
    }

    private synchronized void ended(SupervisedExecution.Result result) {
        switch (result) {
            case ENDED -> refusals.reset();
            case REFUSED -> pause = refusals.afterFailure();
        }
    }

    private void forget(SupervisedExecution execution) {
        synchronized (this) {
            entries.removeIf(entry -> entry.execution() == execution);
            notifyAll();
        }
        changed.run();
    }
}
