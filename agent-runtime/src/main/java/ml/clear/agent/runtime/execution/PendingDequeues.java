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
import java.util.concurrent.atomic.AtomicLong;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.file.OwnerOnly;
import ml.clear.agent.api.process.ProcessIdentity;
import ml.clear.agent.api.task.TaskId;
import ml.clear.agent.runtime.process.StateFile;

/**
 * Records on disk which tasks are being taken out of queues. The server's answer may be lost, or the daemon may die
 * before it handles the answer: since the intent is recorded first, the task is found again in each case. Safe for
 * several threads and processes.
 */
public final class PendingDequeues {

    private final Path folder;
    private final ProcessIdentity daemon;
    private final AtomicLong count = new AtomicLong();

    /**
     * Those of a daemon.
     *
     * @param folder where all daemons of this machine write theirs; made when missing
     * @param daemon its process
     */
    public PendingDequeues(Path folder, ProcessIdentity daemon) {
        this.folder = folder;
        this.daemon = daemon;
    }

    /** Record that a task is going to be taken. */
    public PendingDequeue begin(TaskId task, String queue) {
        Path file = folder.resolve(daemon.pid() + "-" + daemon.startTicks() + "-" + count.incrementAndGet());
        try {
            OwnerOnly.createFolders(folder);
            StateFile.write(file, Map.of("task", task.value(), "queue", queue, "daemon", daemon.toString()));
        } catch (IOException e) {
            throw failed(e);
        }
        return new PendingDequeue(task, queue, file);
    }

    /** Remove the record: the task has its own record, was not taken, or was requeued. */
    public void end(PendingDequeue dequeue) {
        try {
            Files.deleteIfExists(dequeue.file());
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** Adopt the pending dequeues of dead daemons; the caller ensures that no other daemon does so at the same time. */
    public List<PendingDequeue> orphans() {
        List<PendingDequeue> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, PendingDequeues::isWhole)) {
            for (Path file : files) {
                StateFile.read(file)
                        .filter(facts -> isOrphan(ProcessIdentity.parse(facts.required("daemon"))))
                        .ifPresent(facts ->
                                found.add(adopted(new TaskId(facts.required("task")), facts.required("queue"), file)));
            }
        } catch (NoSuchFileException e) {
            return found;
        } catch (IOException e) {
            throw failed(e);
        }
        return found;
    }

    /** Not one that its writer died over. */
    private static boolean isWhole(Path file) {
        return !file.toString().endsWith(".new");
    }

    private boolean isOrphan(ProcessIdentity other) {
        return !other.equals(daemon) && !other.isAlive();
    }

    /** Under this daemon's name from now on, and still known by its own. */
    private PendingDequeue adopted(TaskId task, String queue, Path file) {
        try {
            StateFile.write(file, Map.of("task", task.value(), "queue", queue, "daemon", daemon.toString()));
        } catch (IOException e) {
            throw failed(e);
        }
        return new PendingDequeue(task, queue, file);
    }

    private AgentException failed(IOException cause) {
        return new AgentException(
                ErrorCode.FILE_SYSTEM,
                "cannot write down which task is taken in '" + folder + "': " + cause + "; check agent.state_dir",
                cause);
    }
}
