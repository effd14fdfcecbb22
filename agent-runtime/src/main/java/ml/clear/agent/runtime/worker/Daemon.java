// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.worker;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.task.TaskId;
import ml.clear.agent.runtime.lifecycle.Stop;
import ml.clear.agent.runtime.process.ExecutionFolder;
import ml.clear.agent.runtime.server.MachineLoad;

/**
 * Takes tasks from queues and has them executed, until it is asked to stop; then it leaves what runs to the next daemon.
 */
public final class Daemon {

    private static final System.Logger LOG = System.getLogger(Daemon.class.getName());
    private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(30);
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final Site site;
    private final DaemonPlan plan;
    private final LocalWorkers localWorkers;
    private final Supplier<MachineLoad> machine;
    private final InstantSource clock;

    /**
     * A daemon.
     *
     * @param localWorkers by which daemons of this machine agree who takes up what a dead one left
     * @param machine measures the machine, since it was last asked
     */
    Daemon(Site site, DaemonPlan plan, LocalWorkers localWorkers, Supplier<MachineLoad> machine, InstantSource clock) {
        this.site = site;
        this.plan = plan;
        this.localWorkers = localWorkers;
        this.machine = machine;
        this.clock = clock;
    }

    /**
     * A daemon.
     *
     * @param watchedDisk a folder of the disk whose free space is reported
     */
    public static Daemon of(
            Site site, DaemonPlan plan, LocalWorkers localWorkers, Path watchedDisk, InstantSource clock) {
        return new Daemon(site, plan, localWorkers, new MachineProbe(watchedDisk)::measure, clock);
    }

    /** Work until the stop. */
    public void run(Stop stop) throws InterruptedException {
        tell(() -> site.server().workers().register(plan.worker(), plan.queues()), "registered");
        Executions executions = new Executions(site);
        try (StatusReporter reporter =
                        new StatusReporter(site.server().workers(), plan, executions::current, machine, clock);
                executions) {
            executions.onChange(reporter::changed);
            reporter.start();
            orphans().forEach(record -> executions.takeUp(record, record.isOf(plan.worker())));
            serve(executions, stop);
        }
        tell(() -> site.server().workers().unregister(plan.worker(), plan.queues()), "unregistered");
        executions.all().stream()
                .filter(record -> ExecutionFolder.begun(site.folder(record)))
                .forEach(record -> site.say("task '" + record.task() + "' goes on; the next daemon takes it up"));
    }

    private void serve(Executions executions, Stop stop) throws InterruptedException {
        QueuePoller poller = new QueuePoller(site.server().queues(), plan.queues(), plan.order(), site.console());
        Pace backoff = new Pace(plan.pollPeriod(), LONGEST_BACKOFF);
        boolean away = false;
        while (!stop.isRequested()) {
            if (!executions.awaitRoom(plan.places(), LOOK) || stop.await(executions.pause())) {
                continue;
            }
            Poll poll = poller.look();
            away = tellWhetherItAnswers(poll, away);
            switch (poll) {
                case Poll.Taken(TaskId task, String queue) -> {
                    backoff.reset();
                    site.say("task " + task + " pulled from " + queue + " by worker " + plan.worker());
                    executions.start(record(task, queue));
                }
                case Poll.Nothing() -> {
                    backoff.reset();
                    stop.await(plan.pollPeriod());
                }
                case Poll.Unanswered _ -> stop.await(backoff.afterFailure());
            }
        }
    }

    /** Once when the server goes away, and once when it is back. */
    private boolean tellWhetherItAnswers(Poll poll, boolean wasAway) {
        if (poll instanceof Poll.Unanswered(String reason)) {
            if (!wasAway) {
                site.say("the queues cannot be asked; it is tried again, at least every " + LONGEST_BACKOFF.toSeconds()
                        + " s: " + reason);
            }
            return true;
        }
        if (wasAway) {
            site.say("the server answers again");
        }
        return false;
    }

    private LaunchRecord record(TaskId task, String queue) {
        String worker = plan.services() ? LaunchRecord.serviceWorker(plan.worker(), task) : plan.worker();
        return new LaunchRecord(task, queue, worker, plan.process(), "");
    }

    /** What daemons, or execute processes of nobody, have left; this daemon answers for it from now on. */
    private List<LaunchRecord> orphans() {
        return localWorkers.exclusively(() -> {
            List<LaunchRecord> found = new ArrayList<>();
            for (LaunchRecord record : LaunchRecord.list(site.executions())) {
                if (!record.daemon().isAlive()) {
                    found.add(record.under(plan.process()));
                }
            }
            for (Path folder : ExecutionFolder.list(site.executions())) {
                String name = folder.getFileName().toString();
                if (TaskId.matches(name)
                        && LaunchRecord.read(folder).isEmpty()
                        && !ExecutionFolder.supervised(folder)) {
                    found.add(new LaunchRecord(new TaskId(name), "", plan.worker(), plan.process(), ""));
                }
            }
            found.forEach(record -> {
                record.write(site.executions());
                site.say("takes up task '" + record.task() + "', which a process that is gone has left");
            });
            return found;
        });
    }

    /** Only told: a server that does not listen now hears it from the next report, or forgets the worker by itself. */
    private static void tell(Runnable call, String what) {
        try {
            call.run();
        } catch (AgentException e) {
            LOG.log(System.Logger.Level.WARNING, "the worker could not be {0}: {1}", what, e.getMessage());
        }
    }
}
