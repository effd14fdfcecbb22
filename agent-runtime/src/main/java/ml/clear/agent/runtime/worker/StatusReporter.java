// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.worker;

import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.runtime.execution.LaunchRecord;
import ml.clear.agent.runtime.server.MachineLoad;
import ml.clear.agent.runtime.server.StatusReport;
import ml.clear.agent.runtime.server.WorkerService;
import org.jspecify.annotations.Nullable;

/**
 * Reports to the server what the worker does: periodically together with the load of the machine, and at once when
 * something changes. Uses its own thread, so that a server that does not answer blocks nothing else; the next report
 * repeats the information.
 */
final class StatusReporter implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(StatusReporter.class.getName());
    private static final Duration FIRST = Duration.ofSeconds(3);

    private final WorkerService workers;
    private final DaemonPlan plan;
    private final Supplier<List<LaunchRecord>> current;
    private final Supplier<MachineLoad> machine;
    private final InstantSource clock;
    private final Set<String> services = new HashSet<>();
    private final Semaphore changes = new Semaphore(0);
    private final Thread thread = Thread.ofVirtual().name("status reports").unstarted(this::run);

    /**
     * A reporter.
     *
     * @param current the executions under way
     * @param machine measures the machine, since it was last asked; asked by one thread
     */
    StatusReporter(
            WorkerService workers,
            DaemonPlan plan,
            Supplier<List<LaunchRecord>> current,
            Supplier<MachineLoad> machine,
            InstantSource clock) {
        this.workers = workers;
        this.plan = plan;
        this.current = current;
        this.machine = machine;
        this.clock = clock;
    }

    void start() {
        thread.start();
    }

    /** Something changed: it is reported soon. Returns at once. */
    void changed() {
        changes.release();
    }

    @Override
    public void close() throws InterruptedException {
        thread.interrupt();
        thread.join();
    }

    private void run() {
        Duration pause = FIRST.compareTo(plan.reportPeriod()) < 0 ? FIRST : plan.reportPeriod();
        long due = System.nanoTime() + pause.toNanos();
        try {
            while (true) {
                if (changes.tryAcquire(Math.max(0, due - System.nanoTime()), TimeUnit.NANOSECONDS)) {
                    changes.drainPermits();
                    report(null);
                } else {
                    report(machine.get());
                    due = System.nanoTime() + plan.reportPeriod().toNanos();
                }
                if (Thread.interrupted()) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void report(@Nullable MachineLoad load) {
        List<LaunchRecord> records = current.get();
        if (plan.capacity().ownWorkers()) {
            reportServices(records);
            send(() -> workers.report(of(plan.worker(), null, List.of(), plan.queues(), load)));
        } else {
            LaunchRecord record = records.isEmpty() ? null : records.getFirst();
            send(() -> workers.report(of(plan.worker(), record, plan.tags(), plan.queues(), load)));
        }
    }

    /**
     * In services mode each task has a separate worker, which carries the tags and is unregistered when the task ends.
     */
    private void reportServices(List<LaunchRecord> records) {
        Set<String> ended = new HashSet<>(services);
        services.clear();
        for (LaunchRecord record : records) {
            services.add(record.worker());
            send(() -> workers.report(of(record.worker(), record, plan.tags(), List.of(), null)));
        }
        ended.removeAll(services);
        ended.forEach(worker -> send(() -> workers.unregister(worker, List.of())));
    }

    private static void send(Runnable call) {
        try {
            call.run();
        } catch (AgentException e) {
            LOG.log(System.Logger.Level.DEBUG, "no status could be reported", e);
        }
    }

    private StatusReport of(
            String worker,
            @Nullable LaunchRecord record,
            List<String> tags,
            List<String> queues,
            @Nullable MachineLoad load) {
        return new StatusReport(
                worker,
                clock.instant(),
                tags,
                record == null ? "" : record.task().value(),
                record == null ? "" : record.queue(),
                queues,
                load);
    }
}
