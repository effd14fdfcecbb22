// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.worker;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.task.TaskId;
import ml.clear.agent.runtime.job.TaskMonitor;
import ml.clear.agent.runtime.server.ClearmlServer;
import ml.clear.agent.runtime.server.MachineLoad;
import ml.clear.agent.runtime.server.StatusReport;
import org.jspecify.annotations.Nullable;

/**
 * Reports of an execute process about its task: that its worker runs it, unless a daemon reports that, and the load of
 * the machine as curves beside those of the task.
 */
public final class TaskReports implements TaskMonitor {

    private static final System.Logger LOG = System.getLogger(TaskReports.class.getName());
    private static final Duration FIRST_STATUS = Duration.ofSeconds(3);
    private static final Duration LONGEST_FAREWELL = Duration.ofSeconds(2);

    private final ClearmlServer server;
    private final String worker;
    private final List<String> tags;
    private final Predicate<TaskId> reportedByDaemon;
    private final Duration period;
    private final Supplier<Supplier<MachineLoad>> probes;
    private final InstantSource clock;

    /**
     * Reports in the name of a worker.
     *
     * @param tags the tags of the worker
     * @param reportedByDaemon whether a daemon runs the task, and reports that its worker runs it
     * @param period the time between two reports
     * @param machine what is measured of the machine
     */
    public TaskReports(
            ClearmlServer server,
            String worker,
            List<String> tags,
            Predicate<TaskId> reportedByDaemon,
            Duration period,
            MeasuredMachine machine,
            InstantSource clock) {
        this(server, worker, tags, reportedByDaemon, period, () -> machine.probe()::measure, clock);
    }

    TaskReports(
            ClearmlServer server,
            String worker,
            List<String> tags,
            Predicate<TaskId> reportedByDaemon,
            Duration period,
            Supplier<Supplier<MachineLoad>> probes,
            InstantSource clock) {
        this.server = server;
        this.worker = worker;
        this.tags = List.copyOf(tags);
        this.reportedByDaemon = reportedByDaemon;
        this.period = period;
        this.probes = probes;
        this.clock = clock;
    }

    @Override
    public Reports claiming(TaskId task) {
        if (reportedByDaemon.test(task)) {
            return Reports.NONE;
        }
        status(task, null); // at once, so that a claim of the same moment sees it
        Supplier<MachineLoad> machine = probes.get();
        Thread thread = Thread.ofVirtual().name("status reports").start(() -> {
            every(FIRST_STATUS.compareTo(period) < 0 ? FIRST_STATUS : period, () -> status(task, machine.get()));
            send(() -> server.workers().unregister(worker, List.of()));
        });
        return () -> end(thread);
    }

    @Override
    public Reports running(TaskId task) {
        Supplier<MachineLoad> machine = probes.get();
        long start = System.nanoTime(); // the clock may be set
        Thread thread = Thread.ofVirtual()
                .name("resource scalars")
                .start(() -> every(
                        period,
                        () -> send(() -> server.events()
                                .addScalars(new MachineScalars(task, worker)
                                        .of(
                                                machine.get(),
                                                Duration.ofNanos(System.nanoTime() - start),
                                                clock.instant())))));
        return thread::interrupt;
    }

    private void status(TaskId task, @Nullable MachineLoad load) {
        send(() -> server.workers()
                .report(new StatusReport(worker, clock.instant(), tags, task.value(), "", List.of(), load)));
    }

    /** Until the thread is interrupted; what follows is not. */
    private void every(Duration first, Runnable report) {
        try {
            Thread.sleep(first);
            while (true) {
                report.run();
                Thread.sleep(period);
            }
        } catch (InterruptedException e) {
            LOG.log(System.Logger.Level.TRACE, "the reports end");
        }
    }

    /** A server that does not answer must not hold up the end of a task. */
    private static void end(Thread thread) {
        thread.interrupt();
        try {
            thread.join(LONGEST_FAREWELL);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A report that is lost is followed by another one. */
    private static void send(Runnable call) {
        try {
            call.run();
        } catch (AgentException e) {
            LOG.log(System.Logger.Level.DEBUG, "the status report of the task failed", e);
        }
    }
}
