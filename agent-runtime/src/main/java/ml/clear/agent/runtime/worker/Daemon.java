// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.worker;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.task.TaskId;
import ml.clear.agent.runtime.lifecycle.Stop;
import ml.clear.agent.runtime.process.ExecutionFolder;
import ml.clear.agent.runtime.server.MachineLoad;

/** Takes tasks from queues and has them executed, until it is asked to stop. */
public final class Daemon {

    private static final System.Logger LOG = System.getLogger(Daemon.class.getName());
    private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(30);
    private static final Duration LOOK = Duration.ofMillis(250);

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
     * @param machine what is measured of the machine
     */
    public static Daemon of(
            Site site, DaemonPlan plan, LocalWorkers localWorkers, MeasuredMachine machine, InstantSource clock) {
        return new Daemon(site, plan, localWorkers, machine.probe()::measure, clock);
    }

    /** Work until the stop. */
    public void run(DaemonStop stop) throws InterruptedException {
        tell(() -> site.server().workers().register(plan.worker(), plan.queues()), "registered");
        Executions executions = new Executions(site);
        try (StatusReporter reporter =
                        new StatusReporter(site.server().workers(), plan, executions::current, machine, clock);
                executions) {
            executions.onChange(reporter::changed);
            reporter.start();
            takeUpOrphans(executions);
            serve(executions, stop.stop());
            end(executions, stop);
        }
        tell(() -> site.server().workers().unregister(plan.worker(), plan.queues()), "unregistered");
        executions
                .all()
                .forEach(record -> site.say("task '" + record.task() + "' goes on; the next daemon takes it up"));
    }

    private void serve(Executions executions, Stop stop) throws InterruptedException {
        QueuePoller poller = new QueuePoller(
                site.server().queues(), plan.queues(), plan::queueName, plan.order(), site.takes(), site.console());
        ServedQueues served = new ServedQueues(site.server().queues(), plan, clock, site.console());
        Pace backoff = new Pace(plan.pollPeriod(), LONGEST_BACKOFF);
        boolean away = false;
        while (!stop.isRequested()) {
            if (!executions.awaitRoom(plan.seating()::hasRoom, LOOK) || stop.await(executions.pause())) {
                continue;
            }
            Poll poll = poller.look(served.now(), queue -> plan.seating().hasRoomFor(queue, executions.current()));
            away = tellWhetherItAnswers(poll, away);
            if (!(poll instanceof Poll.Unanswered)) {
                backoff.reset();
            }
            switch (poll) {
                case Poll.Taken(Take take) -> {
                    site.say("task " + take.task() + " pulled from " + take.queue() + " by worker " + plan.worker());
                    executions.start(record(take, executions.current()), take);
                }
                case Poll.Doubtful(Take take, String reason) -> {
                    site.say("whether task '" + take.task() + "' was taken from its queue is found out: " + reason);
                    executions.settle(record(take, executions.current()), take);
                }
                case Poll.Nothing _, Poll.NoSeat _ -> stop.await(plan.pollPeriod());
                case Poll.Unanswered _ -> stop.await(backoff.afterFailure());
            }
        }
    }

    private void end(Executions executions, DaemonStop stop) throws InterruptedException {
        List<LaunchRecord> running = executions.all();
        if (running.isEmpty()) {
            return;
        }
        String tasks = running.stream().map(record -> "'" + record.task() + "'").collect(Collectors.joining(", "));
        switch (stop.mode()) {
            case LEAVE -> {}
            case WAIT -> {
                site.say("takes no more tasks, and ends when these have ended: " + tasks
                        + "; told to stop once more it leaves them to the next daemon");
                executions.withdraw();
                executions.awaitEnd(stop.leave());
            }
            case ABORT -> {
                site.say("takes no more tasks and aborts these, with their grace: " + tasks);
                executions.abort();
                executions.awaitEnd(stop.leave());
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

    private LaunchRecord record(Take take, List<LaunchRecord> running) {
        Seat seat = plan.seating().seat(take.task(), take.queue(), running);
        return new LaunchRecord(take.task(), take.queue(), seat, plan.process(), take.id(), "");
    }

    /** What daemons, or execute processes of nobody, have left; this daemon answers for it from now on. */
    private void takeUpOrphans(Executions executions) {
        List<Take> taken = new ArrayList<>();
        List<LaunchRecord> launched = localWorkers.exclusively(() -> {
            taken.addAll(site.takes().orphans());
            return orphans();
        });
        for (Take take : taken) {
            if (launched.stream().anyMatch(record -> record.take().equals(take.id()))) {
                site.takes().end(take);
            } else {
                Seat seat = Seat.of(plan.worker());
                executions.settle(
                        new LaunchRecord(take.task(), take.queue(), seat, plan.process(), take.id(), ""), take);
            }
        }
        launched.forEach(record -> executions.takeUp(record, record.isOf(plan.worker())));
    }

    private List<LaunchRecord> orphans() {
        List<LaunchRecord> found = new ArrayList<>();
        for (LaunchRecord record : LaunchRecord.list(site.executions())) {
            if (!record.daemon().isAlive()) {
                found.add(record.under(plan.process()));
            }
        }
        for (Path folder : ExecutionFolder.list(site.executions())) {
            String name = folder.getFileName().toString();
            if (TaskId.matches(name) && LaunchRecord.read(folder).isEmpty() && !ExecutionFolder.supervised(folder)) {
                Seat seat = Seat.of(plan.worker());
                found.add(new LaunchRecord(new TaskId(name), "", seat, plan.process(), "", ""));
            }
        }
        found.forEach(record -> {
            record.write(site.executions());
            site.say("takes up task '" + record.task() + "', which a process that is gone has left");
        });
        return found;
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
