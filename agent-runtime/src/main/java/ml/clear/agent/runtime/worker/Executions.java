// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.worker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.runtime.execution.LaunchRecord;
import ml.clear.agent.runtime.execution.PendingDequeue;
import ml.clear.agent.runtime.lifecycle.Stop;

/**
 * The executions that this daemon answers for, a thread each. Closing leaves them: they go on without a daemon. Safe for
 * several threads.
 */
final class Executions implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(Executions.class.getName());
    private static final Duration LONGEST_FAREWELL = Duration.ofSeconds(40);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
    private static final Duration LOOK = Duration.ofMillis(100);

    private final DaemonContext context;
    private final Pace refusals;
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
        this.refusals = new Pace(context.patience(), LONGEST_PAUSE);
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
     * Go on with one that a daemon which has died left.
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

    /** Those that are under way and take a place of this worker. */
    synchronized List<LaunchRecord> current() {
        return entries.stream().filter(Entry::counted).map(Entry::record).toList();
    }

    /** All that are under way. */
    synchronized List<LaunchRecord> all() {
        return entries.stream().map(Entry::record).toList();
    }

    /**
     * Wait until there is room for another one, at most for a time.
     *
     * @param room whether there is, beside those that are under way
     * @return whether there is
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

    /** Give those that are not started back to their queues. */
    void withdraw() {
        snapshot().forEach(entry -> entry.execution().withdraw());
    }

    /** Abort them all; those that are not started go back to their queues. */
    void abort() {
        snapshot().forEach(entry -> entry.execution().abort());
    }

    /** Wait until none is left, or a stop ends the waiting. */
    void awaitEnd(Stop leave) throws InterruptedException {
        while (!all().isEmpty() && !leave.await(LOOK)) {
            // once more
        }
    }

    /** Leave them: those that run go on, those that are not started go back to their queues. */
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
            if (Thread.interrupted()) { // whatever the interruption has hit
                left = true;
                return;
            }
            context.say("task '" + task + "' is supervised no more: " + e.getMessage());
            ended(SupervisedExecution.Result.REFUSED);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "task " + task + " is supervised no more", e);
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
