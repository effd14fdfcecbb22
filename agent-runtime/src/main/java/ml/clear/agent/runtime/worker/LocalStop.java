// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.worker;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import ml.clear.agent.api.execution.Execution;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.api.process.ProcessIdentity;
import ml.clear.agent.runtime.launch.Launcher;
import ml.clear.agent.runtime.process.ExecutionFolder;

/**
 * Stops daemons of this machine, without any server. Their tasks go on, unless they are to be aborted too; then each gets its
 * stop signal and its grace, as after a stop from the server.
 */
public final class LocalStop {

    /** A request that is under way when the signal comes is waited for, since its answer may hold a task. */
    private static final Duration POLITE = Duration.ofSeconds(40);

    private static final Duration LOOK = Duration.ofMillis(50);

    private final Launcher launcher;
    private final Path executions;
    private final Console console;

    /**
     * A way to stop daemons.
     *
     * @param executions the folder of all executions
     */
    public LocalStop(Launcher launcher, Path executions, Console console) {
        this.launcher = launcher;
        this.executions = executions;
        this.console = console;
    }

    /** What becomes of the tasks. */
    public enum Tasks {
        /** They go on. */
        KEEP,
        /** They are aborted. */
        ABORT
    }

    /**
     * Stop one daemon, and wait until it has ended.
     *
     * @return whether it has
     */
    public boolean stop(LocalWorker daemon, Tasks tasks) throws InterruptedException {
        daemon.process().terminate();
        if (!ends(daemon.process())) {
            daemon.process().terminate();
            if (!ends(daemon.process())) {
                daemon.process().kill();
            }
        }
        boolean ended = ends(daemon.process());
        console.line(
                ended
                        ? "stopped daemon '" + daemon.id() + "', process "
                                + daemon.process().pid()
                        : "daemon '" + daemon.id() + "', process "
                                + daemon.process().pid() + ", does not end");
        for (LaunchRecord record : of(daemon)) {
            switch (tasks) {
                case KEEP ->
                    console.line("task '" + record.task() + "' goes on, and the next daemon takes it up; to end it,"
                            + " stop it on the server, or: clearml-agent daemon --stop --abort " + daemon.id());
                case ABORT -> abort(record);
            }
        }
        return ended;
    }

    /** Abort what a daemon that runs no more has left. */
    public boolean abortLeftBy(String worker) throws InterruptedException {
        boolean any = false;
        for (LaunchRecord record : LaunchRecord.list(executions)) {
            if (record.isOf(worker) && !record.daemon().isAlive()) {
                abort(record);
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

    private void abort(LaunchRecord record) throws InterruptedException {
        Optional<Execution> execution = launcher.attach(record.handle());
        if (execution.isEmpty()) {
            console.line("task '" + record.task() + "' has no execute process; the next daemon takes it up");
            return;
        }
        execution.get().stop();
        console.line("task '" + record.task() + "' is told to stop, and has its grace period");
    }

    private static boolean ends(ProcessIdentity process) throws InterruptedException {
        long start = System.nanoTime();
        while (process.isAlive() && System.nanoTime() - start < POLITE.toNanos()) {
            TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
        }
        return !process.isAlive();
    }
}
