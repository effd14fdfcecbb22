// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.execution;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.execution.AttemptId;
import ml.clear.agent.api.execution.ExecutionReference;
import ml.clear.agent.api.file.Folders;
import ml.clear.agent.api.file.OwnerOnly;
import ml.clear.agent.api.process.ProcessIdentity;
import ml.clear.agent.api.task.TaskId;
import ml.clear.agent.runtime.process.StateFile;

/**
 * A task that a daemon has taken out of a queue, recorded in the task's execution folder before anything is started, so
 * that the next daemon knows what to do if this one dies.
 *
 * @param task the task
 * @param queue the id of its queue; empty when it came from none
 * @param assignment where it runs
 * @param daemon the process that is responsible for it
 * @param dequeue the name of the pending dequeue by which it was taken; empty when it came from no queue
 * @param executor the name of the executor that starts its execute processes, and alone finds them again
 * @param attempt the attempt to start its execute process, recorded before it is made; empty before the first
 * @param handle by which the executor finds its execute process; empty before that is started
 */
public record LaunchRecord(
        TaskId task,
        String queue,
        Assignment assignment,
        ProcessIdentity daemon,
        String dequeue,
        String executor,
        String attempt,
        String handle) {

    /** The executor of this machine, which has started the executions that name none. */
    public static final String LOCAL_EXECUTOR = "venv";

    private static final AtomicLong ATTEMPTS = new AtomicLong();

    private static final System.Logger LOG = System.getLogger(LaunchRecord.class.getName());

    /** Checks for absence. */
    public LaunchRecord {
        Objects.requireNonNull(task);
        Objects.requireNonNull(queue);
        Objects.requireNonNull(assignment);
        Objects.requireNonNull(daemon);
        Objects.requireNonNull(dequeue);
        Objects.requireNonNull(executor);
        Objects.requireNonNull(attempt);
        Objects.requireNonNull(handle);
    }

    /** One that is not started yet. */
    public static LaunchRecord of(
            TaskId task, String queue, Assignment assignment, ProcessIdentity daemon, String dequeue, String executor) {
        return new LaunchRecord(task, queue, assignment, daemon, dequeue, executor, "", "");
    }

    /** The id of the worker that runs it. */
    public String worker() {
        return assignment.worker();
    }

    /** Whether a daemon with this id has taken it. */
    public boolean isOf(String daemonId) {
        return assignment.daemon().equals(daemonId);
    }

    /** The same with an execute process. */
    public LaunchRecord started(String with) {
        return new LaunchRecord(task, queue, assignment, daemon, dequeue, executor, attempt, with);
    }

    /** The same with another attempt to start an execute process, which no other one is called like. */
    public LaunchRecord attempted() {
        String next = "a" + task.value().substring(0, 12) + "-" + daemon.pid() + "-" + daemon.startTicks() + "-"
                + ATTEMPTS.incrementAndGet();
        return new LaunchRecord(task, queue, assignment, daemon, dequeue, executor, next, "");
    }

    /** By what its executor finds its execute process; empty before the first attempt. */
    public Optional<ExecutionReference> reference(Path executions) {
        // Earlier versions wrote no attempt: a name that no execution has leaves it to the handle.
        return attempt.isEmpty() && handle.isEmpty()
                ? Optional.empty()
                : Optional.of(new ExecutionReference(
                        new AttemptId(attempt.isEmpty() ? "unnamed" : attempt),
                        handle,
                        executions.resolve(task.value())));
    }

    /** The same under another daemon. */
    public LaunchRecord under(ProcessIdentity other) {
        return new LaunchRecord(task, queue, assignment, other, dequeue, executor, attempt, handle);
    }

    /** All that are in the folder of all executions. */
    public static List<LaunchRecord> list(Path executions) {
        List<LaunchRecord> found = new ArrayList<>();
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(executions)) {
            folders.forEach(folder -> read(folder).ifPresent(found::add));
        } catch (NoSuchFileException e) {
            return found;
        } catch (IOException e) {
            throw failed(executions, e);
        }
        return found;
    }

    /** Whether a daemon has taken the task, and so is responsible for it. */
    public static boolean exists(Path executions, TaskId task) {
        return read(executions.resolve(task.value())).isPresent();
    }

    /** The one in the folder of an execution; one that is damaged is logged and ignored. */
    public static Optional<LaunchRecord> read(Path folder) {
        try {
            return StateFile.read(folder.resolve(ExecutionFiles.LAUNCHED))
                    .map(facts -> new LaunchRecord(
                            new TaskId(facts.required("task")),
                            facts.required("queue"),
                            new Assignment(
                                    facts.text("seat").orElse(facts.required("worker")),
                                    facts.required("worker"),
                                    facts.text("gpus").orElse("")),
                            ProcessIdentity.parse(facts.required("daemon")),
                            facts.text("take").orElse(""),
                            facts.text("executor").orElse(LOCAL_EXECUTOR),
                            facts.text("attempt").orElse(""),
                            facts.required("handle")));
        } catch (AgentException | IllegalArgumentException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the record of who took the task of ''{0}'' from which queue is ignored: {1}",
                    folder,
                    e.getMessage());
            return Optional.empty();
        }
    }

    /** Write it down. */
    public void write(Path executions) {
        Path folder = executions.resolve(task.value());
        try {
            OwnerOnly.createFolders(folder);
            StateFile.write(
                    folder.resolve(ExecutionFiles.LAUNCHED),
                    Map.of(
                            "task",
                            task.value(),
                            "queue",
                            queue,
                            "seat",
                            assignment.daemon(),
                            "worker",
                            assignment.worker(),
                            "gpus",
                            assignment.gpus(),
                            "daemon",
                            daemon.toString(),
                            "take",
                            dequeue,
                            "executor",
                            executor,
                            "attempt",
                            attempt,
                            "handle",
                            handle));
        } catch (IOException e) {
            throw failed(folder, e);
        }
    }

    /** Remove it, with the folder that nothing was begun in. */
    public void remove(Path executions) {
        Path folder = executions.resolve(task.value());
        try {
            Folders.delete(folder);
        } catch (IOException e) {
            throw failed(folder, e);
        }
    }

    private static AgentException failed(Path folder, IOException cause) {
        return new AgentException(
                ErrorCode.FILE_SYSTEM,
                "cannot use the execution folder '" + folder + "': " + cause
                        + "; see that the disk has room and the folder belongs to you",
                cause);
    }
}
