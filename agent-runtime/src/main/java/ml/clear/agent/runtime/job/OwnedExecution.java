// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.job;

import ml.clear.agent.api.task.TaskId;
import ml.clear.agent.runtime.execution.ExecutionFolder;
import ml.clear.agent.runtime.lifecycle.Closer;
import ml.clear.agent.runtime.lifecycle.StopSignal;
import org.jspecify.annotations.Nullable;

/**
 * What an execute process holds while it runs one task: the locked folder of the execution, the stop signal, the console, and
 * what watches and reports the task. For one thread, except {@link #abort()}.
 *
 * <p>Closing does not end the task's process: it keeps running under its keeper, and the folder is kept for the next execute
 * process.
 */
final class OwnedExecution implements AutoCloseable {

    private final JobContext context;
    private final ExecutionFolder folder;
    private final Abort abort;
    private final StopSignal signal;
    private final ReportGate gate;
    private final Closer watchers = new Closer();
    private @Nullable TaskConsole console;

    private OwnedExecution(
            JobContext context, ExecutionFolder folder, Abort abort, StopSignal signal, ReportGate gate) {
        this.context = context;
        this.folder = folder;
        this.abort = abort;
        this.signal = signal;
        this.gate = gate;
    }

    /** A new execution of a task. */
    static OwnedExecution create(JobContext context, TaskId id) {
        return owned(context, () -> ExecutionFolder.create(context.executions(), id, context.rank()), false);
    }

    /** The execution of a task whose execute process died. */
    static OwnedExecution open(JobContext context, TaskId id) {
        String name = ExecutionFolder.name(id, context.rank());
        return owned(context, () -> ExecutionFolder.open(context.executions().resolve(name)), true);
    }

    /** The folder is locked after the signal is caught, so that no signal leaves a locked folder behind. */
    private static OwnedExecution owned(JobContext context, FolderLock lock, boolean resumed) {
        Abort abort = new Abort(context.abortGrace());
        StopSignal signal = new StopSignal(abort::requestAtShutdown);
        try {
            ExecutionFolder folder = lock.take();
            ReportGate gate = resumed
                    ? ReportGate.unknown(context.server().events(), context.tasks(), folder.task())
                    : ReportGate.open(context.server().events(), context.tasks(), folder.task());
            return new OwnedExecution(context, folder, abort, signal, gate);
        } catch (RuntimeException e) {
            signal.close();
            throw e;
        }
    }

    ExecutionFolder folder() {
        return folder;
    }

    TaskId task() {
        return folder.task();
    }

    /** The request to end the task, by the server or by a signal. */
    Abort abort() {
        return abort;
    }

    /** The console, whose first line is the agent's own unless {@link #followConsole()} was called. */
    TaskConsole console() {
        TaskConsole open = console;
        if (open == null) {
            open = TaskConsole.begin(folder, context.shipper(folder, gate));
            console = open;
        }
        return open;
    }

    /** Continue a console whose spool belongs to a keeper, or did. */
    void followConsole() {
        console = TaskConsole.attach(folder, context.shipper(folder, gate));
    }

    /** Report to the server, until {@link #stopWatching()}, that this worker runs the task. */
    void announce() {
        watchers.own(context.monitor().claiming(task()));
    }

    /**
     * Follow the state of the task on the server, and keep it alive there, until {@link #stopWatching()}.
     *
     * @param running whether the task is in progress; if not, its states are ignored until it is
     */
    void watch(boolean running) {
        watchers.own(AbortWatch.start(context.tasks(), task(), abort, gate, context.abortPoll(), running));
        watchers.own(Heartbeat.start(context.tasks(), task(), context.pingPeriod()));
    }

    void stopWatching() {
        watchers.close();
    }

    /** The task is in progress under this execution: events are sent. */
    void passReports() {
        gate.pass();
    }

    /** Nothing more is reported. */
    void dropReports() {
        gate.close();
    }

    /** The exit code of a process that ends because of a signal or of code that called {@code System.exit}. */
    void endWith(int exitCode) {
        signal.endWith(exitCode);
    }

    @Override
    public void close() {
        TaskConsole open = console;
        if (open != null) {
            open.close();
        }
        watchers.close();
        folder.close();
        signal.close();
    }

    private interface FolderLock {
        ExecutionFolder take();
    }
}
