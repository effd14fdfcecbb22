// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.worker;

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
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.file.Folders;
import ml.clear.agent.api.file.OwnerOnly;
import ml.clear.agent.api.process.ProcessIdentity;
import ml.clear.agent.api.task.TaskId;
import ml.clear.agent.runtime.process.StateFile;

/**
 * A task that a daemon has taken out of a queue, written down in the task's execution folder before anything is started, so
 * that whatever happens to the daemon the next one knows what to do.
 *
 * @param task the task
 * @param queue the id of its queue; empty when it came from none
 * @param seat where it runs
 * @param daemon the process that answers for it
 * @param take the name of the take by which it was taken; empty when it came from no queue
 * @param handle by which the executor finds its execute process; empty before that is started
 */
public record LaunchRecord(TaskId task, String queue, Seat seat, ProcessIdentity daemon, String take, String handle) {

    private static final System.Logger LOG = System.getLogger(LaunchRecord.class.getName());

    private static final String FILE = "launched.properties";

    /** Checks for absence. */
    public LaunchRecord {
        Objects.requireNonNull(task);
        Objects.requireNonNull(queue);
        Objects.requireNonNull(seat);
        Objects.requireNonNull(daemon);
        Objects.requireNonNull(take);
        Objects.requireNonNull(handle);
    }

    /** The id of the worker that runs it. */
    String worker() {
        return seat.worker();
    }

    /** Whether a daemon with this id has taken it. */
    boolean isOf(String daemonId) {
        return seat.daemon().equals(daemonId);
    }

    /** The same with an execute process. */
    LaunchRecord started(String with) {
        return new LaunchRecord(task, queue, seat, daemon, take, with);
    }

    /** The same under another daemon. */
    LaunchRecord under(ProcessIdentity other) {
        return new LaunchRecord(task, queue, seat, other, take, handle);
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

    /** Whether a daemon has taken the task, and so answers for it. */
    public static boolean exists(Path executions, TaskId task) {
        return read(executions.resolve(task.value())).isPresent();
    }

    /** The one in the folder of an execution; one that is damaged counts for nothing, and is told. */
    static Optional<LaunchRecord> read(Path folder) {
        try {
            return StateFile.read(folder.resolve(FILE))
                    .map(facts -> new LaunchRecord(
                            new TaskId(facts.required("task")),
                            facts.required("queue"),
                            new Seat(
                                    facts.text("seat").orElse(facts.required("worker")),
                                    facts.required("worker"),
                                    facts.text("gpus").orElse("")),
                            ProcessIdentity.parse(facts.required("daemon")),
                            facts.text("take").orElse(""),
                            facts.required("handle")));
        } catch (AgentException | IllegalArgumentException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "it cannot be told who took the task of ''{0}'' from which queue: {1}",
                    folder,
                    e.getMessage());
            return Optional.empty();
        }
    }

    /** Write it down. */
    void write(Path executions) {
        Path folder = executions.resolve(task.value());
        try {
            OwnerOnly.createFolders(folder);
            StateFile.write(
                    folder.resolve(FILE),
                    Map.of(
                            "task", task.value(),
                            "queue", queue,
                            "seat", seat.daemon(),
                            "worker", seat.worker(),
                            "gpus", seat.gpus(),
                            "daemon", daemon.toString(),
                            "take", take,
                            "handle", handle));
        } catch (IOException e) {
            throw failed(folder, e);
        }
    }

    /** Remove it, with the folder that nothing was begun in. */
    void remove(Path executions) {
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
