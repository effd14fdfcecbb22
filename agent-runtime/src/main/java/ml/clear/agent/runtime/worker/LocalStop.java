// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.worker;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import ml.clear.agent.api.execution.Attachment;
import ml.clear.agent.api.execution.Execution;
import ml.clear.agent.api.execution.ExecutionReference;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.api.task.TaskId;
import ml.clear.agent.runtime.execution.ExecutionFolder;
import ml.clear.agent.runtime.execution.LaunchRecord;
import ml.clear.agent.runtime.launch.Launcher;

/**
 * Stops daemons of this machine without contacting the server. Their tasks keep running unless they are to be aborted
 * too; then each gets its stop signal and its grace period, as after a stop from the server.
 */
public final class LocalStop {

    /** A request that is under way when the signal comes is waited for, since its answer may hold a task. */
    private static final Duration POLITE = Duration.ofSeconds(40);

    /** A daemon that has nothing to wait for has ended by then. */
    private static final Duration BRIEF = Duration.ofSeconds(2);

    private static final Duration LOOK = Duration.ofMillis(50);

    private final Function<String, Launcher> launchers;
    private final Path executions;
    private final Duration grace;
    private final Console console;

    /**
     * A way to stop daemons.
     *
     * @param launchers the launchers by the names of their executors
     * @param executions the folder of all executions
     * @param grace the time that an aborted task has to end
     */
    public LocalStop(Function<String, Launcher> launchers, Path executions, Duration grace, Console console) {
        this.launchers = launchers;
        this.executions = executions;
        this.grace = grace;
        this.console = console;
    }

    /** What happens to the tasks. */
    public enum Tasks {
        /** They keep running. */
        KEEP,
        /** They are aborted. */
        ABORT
    }

    /**
     * Stop one daemon and wait until it has ended, except for a daemon that waits for its tasks.
     *
     * @return whether it has ended, or will
     */
    public boolean stop(LocalWorker daemon, Tasks tasks) throws InterruptedException {
        Set<TaskId> aborted = new HashSet<>();
        daemon.process().terminate();
        boolean ended = ends(daemon, daemon.stopMode() == StopMode.LEAVE ? POLITE : BRIEF);
        if (!ended && daemon.stopMode() == StopMode.WAIT && tasks == Tasks.KEEP) {
            of(daemon).forEach(record -> console.line("task '" + record.task() + "' keeps running"));
            console.line(
                    "daemon '" + daemon.id() + "', process " + daemon.process().pid()
                            + ", takes no more tasks and ends after these; to leave them to the next daemon, stop it"
                            + " again");
            return true;
        }
        if (!ended && daemon.stopMode() != StopMode.LEAVE) {
            ended = endsWithItsTasks(daemon, tasks, aborted);
        }
        if (!ended) {
            daemon.process().terminate();
            if (!ends(daemon, POLITE)) {
                daemon.process().kill();
            }
            ended = ends(daemon, POLITE);
        }
        console.line(
                (ended ? "stopped daemon '" + daemon.id() + "', process " : "daemon '" + daemon.id() + "', process ")
                        + daemon.process().pid()
                        + (ended ? "" : ", does not end"));
        for (LaunchRecord record : of(daemon)) {
            switch (tasks) {
                case KEEP ->
                    console.line("task '" + record.task()
                            + "' keeps running, and the next daemon resumes it; to end it,"
                            + " stop it on the server, or: clearml-agent daemon --stop " + daemon.id() + " --abort");
                case ABORT -> abort(record, aborted);
            }
        }
        return ended;
    }

    /** Wait for a daemon whose tasks are being aborted, by itself or by this process, with their grace period. */
    private boolean endsWithItsTasks(LocalWorker daemon, Tasks tasks, Set<TaskId> aborted) throws InterruptedException {
        Duration limit = POLITE.plus(grace);
        long start = System.nanoTime();
        while (System.nanoTime() - start < limit.toNanos()) {
            if (tasks == Tasks.ABORT) {
                for (LaunchRecord record : of(daemon)) {
                    abort(record, aborted);
                }
            }
            if (ends(daemon, BRIEF)) {
                return true;
            }
        }
        return false;
    }

    /** Abort the tasks that a dead daemon left. */
    public boolean abortLeftBy(String worker) throws InterruptedException {
        boolean any = false;
        for (LaunchRecord record : LaunchRecord.list(executions)) {
            if (record.isOf(worker) && !record.daemon().isAlive()) {
                abort(record, new HashSet<>());
                any = true;
            }
        }
        return any;
    }

    private List<LaunchRecord> of(LocalWorker daemon) {
        return LaunchRecord.list(executions).stream()
                .filter(record -> record.daemon().equals(daemon.process()))
                .filter(record ->
                        ExecutionFolder.begun(executions.resolve(record.task().value())))
                .toList();
    }

    private void abort(LaunchRecord record, Set<TaskId> aborted) throws InterruptedException {
        if (!aborted.add(record.task())) {
            return;
        }
        Optional<ExecutionReference> reference = record.reference(executions);
        Attachment answer = reference.isPresent()
                ? launchers.apply(record.executor()).attach(reference.get())
                : new Attachment.Gone("it was not started");
        switch (answer) {
            case Attachment.Found(Execution execution) -> {
                execution.stop();
                console.line("task '" + record.task() + "' is being stopped with its grace period");
            }
            case Attachment.Gone _ ->
                console.line("task '" + record.task() + "' has no execute process; the next daemon resumes it");
            case Attachment.Unknown(String reason) ->
                console.line("task '" + record.task() + "' cannot be stopped now: " + reason);
        }
    }

    private static boolean ends(LocalWorker daemon, Duration limit) throws InterruptedException {
        long start = System.nanoTime();
        while (daemon.process().isAlive() && System.nanoTime() - start < limit.toNanos()) {
            TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
        }
        return !daemon.process().isAlive();
    }
}
