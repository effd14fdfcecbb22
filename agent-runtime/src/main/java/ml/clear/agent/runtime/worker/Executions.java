// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.worker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.task.TaskId;

/**
 * The executions that this daemon answers for, a thread each. Closing leaves them: they go on without a daemon. Safe for
 * several threads.
 */
final class Executions implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(Executions.class.getName());
    private static final Duration LONGEST_FAREWELL = Duration.ofSeconds(40);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    private final Site site;
    private final Pace refusals;
    private final Map<TaskId, Entry> entries = new LinkedHashMap<>();
    private Duration pause = Duration.ZERO;
    private volatile Runnable changed = () -> {};

    private record Entry(LaunchRecord record, boolean counted, Thread thread) {}

    private interface Step {
        SupervisedExecution.Result run(SupervisedExecution execution) throws InterruptedException;
    }

    /** None yet. */
    Executions(Site site) {
        this.site = site;
        this.refusals = new Pace(site.patience(), LONGEST_PAUSE);
    }

    /** Call this when one begins or ends; it must return quickly. */
    void onChange(Runnable listener) {
        changed = listener;
    }

    /** Start one. */
    void start(LaunchRecord record) {
        begin(record, true, SupervisedExecution::run);
    }

    /**
     * Take one up from a daemon that has died.
     *
     * @param counted whether it takes a place of this worker
     */
    void takeUp(LaunchRecord record, boolean counted) {
        begin(record, counted, SupervisedExecution::takeUp);
    }

    /** Those that are under way and take a place of this worker. */
    synchronized List<LaunchRecord> current() {
        return entries.values().stream()
                .filter(Entry::counted)
                .map(Entry::record)
                .toList();
    }

    /** All that are under way. */
    synchronized List<LaunchRecord> all() {
        return entries.values().stream().map(Entry::record).toList();
    }

    /**
     * Wait until there is room for another one, at most for a time.
     *
     * @param places how many there may be
     * @return whether there is
     */
    synchronized boolean awaitRoom(int places, Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        long left = limit.toNanos();
        while (current().size() >= places && left > 0) {
            wait(Math.max(1, left / 1_000_000));
            left = deadline - System.nanoTime();
        }
        return current().size() < places;
    }

    /** How long to wait before another one is taken, since the last could not be started; asked once each time. */
    synchronized Duration pause() {
        Duration asked = pause;
        pause = Duration.ZERO;
        return asked;
    }

    /** Leave them: those that run go on, those that are not started go back to their queues. */
    @Override
    public void close() throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        synchronized (this) {
            entries.values().forEach(entry -> threads.add(entry.thread()));
        }
        threads.forEach(Thread::interrupt);
        for (Thread thread : threads) {
            thread.join(LONGEST_FAREWELL);
        }
    }

    private void begin(LaunchRecord record, boolean counted, Step step) {
        Thread thread = Thread.ofVirtual().name("execution " + record.task()).unstarted(() -> supervise(record, step));
        synchronized (this) {
            entries.put(record.task(), new Entry(record, counted, thread));
        }
        changed.run();
        thread.start();
    }

    private void supervise(LaunchRecord record, Step step) {
        boolean left = false;
        try {
            ended(step.run(new SupervisedExecution(site, record)));
        } catch (InterruptedException e) {
            left = true;
        } catch (AgentException e) {
            site.say("task '" + record.task() + "' is supervised no more: " + e.getMessage());
            ended(SupervisedExecution.Result.REFUSED);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "task " + record.task() + " is supervised no more", e);
            ended(SupervisedExecution.Result.REFUSED);
        } finally {
            if (!left) {
                forget(record);
            }
        }
    }

    private synchronized void ended(SupervisedExecution.Result result) {
        switch (result) {
            case ENDED -> refusals.reset();
            case REFUSED -> pause = refusals.afterFailure();
        }
    }

    private void forget(LaunchRecord record) {
        synchronized (this) {
            entries.remove(record.task());
            notifyAll();
        }
        changed.run();
    }
}
