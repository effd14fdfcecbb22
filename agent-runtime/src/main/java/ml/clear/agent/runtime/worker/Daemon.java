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
import ml.clear.agent.runtime.execution.Assignment;
import ml.clear.agent.runtime.execution.ExecutionFolder;
import ml.clear.agent.runtime.execution.LaunchRecord;
import ml.clear.agent.runtime.execution.PendingDequeue;
import ml.clear.agent.runtime.lifecycle.FailureBackoff;
import ml.clear.agent.runtime.lifecycle.Stop;
import ml.clear.agent.runtime.server.MachineLoad;

/** Takes tasks from queues and has them executed, until it is asked to stop. */
public final class Daemon {

    private static final System.Logger LOG = System.getLogger(Daemon.class.getName());
    private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(30);
    private static final Duration LOOK = Duration.ofMillis(250);

    private final DaemonContext context;
    private final DaemonPlan plan;
    private final LocalWorkers localWorkers;
    private final Supplier<MachineLoad> machine;
    private final InstantSource clock;

    /**
     * A daemon.
     *
     * @param localWorkers the daemons of this machine, which agree here who resumes the tasks of a dead one
     * @param machine measures the load of the machine since its last call
     */
    Daemon(
            DaemonContext context,
            DaemonPlan plan,
            LocalWorkers localWorkers,
            Supplier<MachineLoad> machine,
            InstantSource clock) {
        this.context = context;
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
            DaemonContext context,
            DaemonPlan plan,
            LocalWorkers localWorkers,
            MeasuredMachine machine,
            InstantSource clock) {
        return new Daemon(context, plan, localWorkers, machine.probe()::measure, clock);
    }

    /** Work until the stop. */
    public void run(DaemonStop stop) throws InterruptedException {
        report(() -> context.server().workers().register(plan.worker(), plan.queues()), "registered");
        Executions executions = new Executions(context);
        try (StatusReporter reporter =
                        new StatusReporter(context.server().workers(), plan, executions::current, machine, clock);
                executions) {
            executions.onChange(reporter::changed);
            reporter.start();
            resumeOrphans(executions);
            serve(executions, stop.stop());
            end(executions, stop);
        }
        report(() -> context.server().workers().unregister(plan.worker(), plan.queues()), "unregistered");
        executions
                .all()
                .forEach(record ->
                        context.say("task '" + record.task() + "' keeps running; the next daemon resumes it"));
    }

    private void serve(Executions executions, Stop stop) throws InterruptedException {
        QueuePoller poller = new QueuePoller(
                context.server().queues(),
                plan.queues(),
                plan::queueName,
                plan.order(),
                context.pendingDequeues(),
                context.console());
        ServedQueues served = new ServedQueues(context.server().queues(), plan, clock, context.console());
        FailureBackoff backoff = new FailureBackoff(plan.pollPeriod(), LONGEST_BACKOFF);
        boolean away = false;
        while (!stop.isRequested()) {
            if (!executions.awaitRoom(plan.capacity()::hasRoom, LOOK) || stop.await(executions.pause())) {
                continue;
            }
            Poll poll = poller.look(served.now(), queue -> plan.capacity().hasRoomFor(queue, executions.current()));
            away = reportOutage(poll, away);
            if (!(poll instanceof Poll.Unanswered)) {
                backoff.reset();
            }
            switch (poll) {
                case Poll.Taken(PendingDequeue dequeue) -> {
                    context.say("task " + dequeue.task() + " pulled from " + dequeue.queue() + " by worker "
                            + plan.worker());
                    executions.start(record(dequeue, executions.current()), dequeue);
                }
                case Poll.Doubtful(PendingDequeue dequeue, String reason) -> {
                    context.say("checking whether task '" + dequeue.task() + "' was taken from its queue: " + reason);
                    executions.settle(record(dequeue, executions.current()), dequeue);
                }
                case Poll.Nothing _, Poll.NoCapacity _ -> stop.await(plan.pollPeriod());
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
                context.say("taking no more tasks, waiting for these to end: " + tasks
                        + "; stop it again to leave them to the next daemon");
                executions.withdraw();
                executions.awaitEnd(stop.leave());
            }
            case ABORT -> {
                context.say("taking no more tasks, aborting these with their grace period: " + tasks);
                executions.abort();
                executions.awaitEnd(stop.leave());
            }
        }
    }

    /** Prints one line when the server becomes unavailable, and one when it answers again. */
    private boolean reportOutage(Poll poll, boolean wasAway) {
        if (poll instanceof Poll.Unanswered(String reason)) {
            if (!wasAway) {
                context.say("the queues cannot be polled; retrying at least every " + LONGEST_BACKOFF.toSeconds()
                        + " s: " + reason);
            }
            return true;
        }
        if (wasAway) {
            context.say("the server answers again");
        }
        return false;
    }

    private LaunchRecord record(PendingDequeue dequeue, List<LaunchRecord> running) {
        Assignment assignment = plan.capacity().assign(dequeue.task(), dequeue.queue(), running);
        return unstarted(dequeue, assignment);
    }

    private LaunchRecord unstarted(PendingDequeue dequeue, Assignment assignment) {
        return LaunchRecord.of(
                dequeue.task(),
                dequeue.queue(),
                assignment,
                plan.process(),
                dequeue.id(),
                context.launcher().executorName());
    }

    /**
     * Resume the executions of dead daemons, and of execute processes without a daemon; they belong to this daemon from
     * now on.
     */
    private void resumeOrphans(Executions executions) {
        List<PendingDequeue> taken = new ArrayList<>();
        List<LaunchRecord> launched = localWorkers.exclusively(() -> {
            taken.addAll(context.pendingDequeues().orphans());
            return orphans();
        });
        for (PendingDequeue dequeue : taken) {
            if (launched.stream().anyMatch(record -> record.dequeue().equals(dequeue.id()))) {
                context.pendingDequeues().end(dequeue);
            } else {
                Assignment assignment = Assignment.of(plan.worker());
                executions.settle(unstarted(dequeue, assignment), dequeue);
            }
        }
        launched.forEach(record -> executions.adopt(record, record.isOf(plan.worker())));
    }

    private List<LaunchRecord> orphans() {
        List<LaunchRecord> found = new ArrayList<>();
        for (LaunchRecord record : LaunchRecord.list(context.executions())) {
            if (!record.daemon().isAlive()) {
                found.add(record.under(plan.process()));
            }
        }
        for (Path folder : ExecutionFolder.list(context.executions())) {
            String name = folder.getFileName().toString();
            if (TaskId.matches(name) && LaunchRecord.read(folder).isEmpty() && !ExecutionFolder.supervised(folder)) {
                Assignment assignment = Assignment.of(plan.worker());
                found.add(LaunchRecord.of(
                        new TaskId(name), "", assignment, plan.process(), "", LaunchRecord.LOCAL_EXECUTOR));
            }
        }
        found.forEach(record -> {
            record.write(context.executions());
            context.say("resumes task '" + record.task() + "', left by a process that has ended");
        });
        return found;
    }

    /** Failures are logged: the next report repeats it, or the server forgets the worker by itself. */
    private static void report(Runnable call, String what) {
        try {
            call.run();
        } catch (AgentException e) {
            LOG.log(System.Logger.Level.WARNING, "the worker could not be {0}: {1}", what, e.getMessage());
        }
    }
}
