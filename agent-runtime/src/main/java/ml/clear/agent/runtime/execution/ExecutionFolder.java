// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.execution;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.file.Folders;
import ml.clear.agent.api.file.OwnerOnly;
import ml.clear.agent.api.process.ProcessIdentity;
import ml.clear.agent.api.task.TaskId;
import ml.clear.agent.runtime.process.StateFile;
import org.jspecify.annotations.Nullable;

/**
 * The folder of one execution, {@code <state>/executions/<task id>/}, and the right to supervise it: of all processes
 * that open it, one owns it at a time, until it closes it or dies. All that a later supervisor needs is in it.
 *
 * <p>Readable by its owner alone. Not for several threads.
 */
public final class ExecutionFolder implements AutoCloseable {

    static final int FORMAT = 1;

    private final Path path;
    private final TaskId task;
    private final String marker;
    private final String boot;
    private final FileChannel lockFile;

    private ExecutionFolder(Path path, StateFile facts, FileChannel lockFile) {
        this.path = path;
        this.task = new TaskId(facts.required("task"));
        this.marker = facts.required("marker");
        this.boot = facts.required("boot");
        this.lockFile = lockFile;
    }

    /**
     * Make the folder of a new execution and own it. What an earlier execution of the task left is removed, once nothing
     * of that lives any more.
     *
     * @param executions the folder of all executions, made when missing
     * @throws AgentException {@code LOCKED} when another process supervises this task, or an earlier execution of it
     *     still runs; {@code FILE_SYSTEM}
     */
    public static ExecutionFolder create(Path executions, TaskId task) {
        return create(executions, task, 0);
    }

    /**
     * Make the folder of a new execution and own it, as {@link #create(Path, TaskId)}.
     *
     * @param rank the rank of this process among those that run the task together; each has its own folder
     */
    public static ExecutionFolder create(Path executions, TaskId task, int rank) {
        Path path = executions.resolve(name(task, rank));
        return guarded(path, () -> {
            makeFolder(executions, path);
            FileChannel lock = lock(path);
            try {
                refuseRunning(path);
                clear(path, ExecutionFiles.OF_THE_LAUNCHER);
                OwnerOnly.createFolder(path.resolve(ExecutionFiles.SPOOL));
                ProcessIdentity own = ProcessIdentity.current();
                StateFile.write(
                        path.resolve(ExecutionFiles.EXECUTION),
                        Map.of(
                                "format", Integer.toString(FORMAT),
                                "task", task.value(),
                                "marker",
                                        path.getFileName() + "-" + own.pid() + "-" + own.startTicks() + "-"
                                                + System.nanoTime() + "-" + own.bootId(),
                                "boot", own.bootId(),
                                "created", Long.toString(System.currentTimeMillis())));
                return new ExecutionFolder(path, facts(path), lock);
            } catch (IOException | RuntimeException e) {
                lock.close();
                throw e;
            }
        });
    }

    /**
     * Own the folder of an execution that an earlier process began.
     *
     * @throws AgentException {@code LOCKED} when another process supervises it, {@code NOT_FOUND} when there is none,
     *     {@code FILE_SYSTEM} when it cannot be read or is of an unknown format
     */
    public static ExecutionFolder open(Path path) {
        return guarded(path, () -> {
            facts(path);
            FileChannel lock = lock(path);
            try {
                return new ExecutionFolder(path, facts(path), lock);
            } catch (RuntimeException e) {
                lock.close();
                throw e;
            }
        });
    }

    /** What the folder of an execution is called. Daemons resume only those of the first rank. */
    public static String name(TaskId task, int rank) {
        return rank == 0 ? task.value() : task.value() + ".rank-" + rank;
    }

    /** The folders of all executions that were begun and not removed. */
    public static List<Path> list(Path executions) {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(executions, ExecutionFolder::begun)) {
            folders.forEach(found::add);
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw failed(executions, e);
        }
        return found;
    }

    /** Whether an execution was begun in the folder and not removed. */
    public static boolean begun(Path path) {
        return Files.exists(path.resolve(ExecutionFiles.EXECUTION));
    }

    /** Whether some process supervises it now. */
    public static boolean supervised(Path path) {
        return guarded(path, () -> {
            try {
                lock(path).close();
                return false;
            } catch (AgentException e) {
                if (e.code() == ErrorCode.LOCKED) {
                    return true;
                }
                throw e;
            } catch (NoSuchFileException e) {
                return false;
            }
        });
    }

    /** Where it is. */
    public Path path() {
        return path;
    }

    /** The task it executes. */
    public TaskId task() {
        return task;
    }

    /** The folder of the output's segments. */
    public Path spool() {
        return path.resolve(ExecutionFiles.SPOOL);
    }

    /** What has been sent of the output. */
    public Path shipped() {
        return path.resolve(ExecutionFiles.SHIPPED);
    }

    /**
     * A value that no other execution has, on any machine: the task's processes carry it in their environment, and the task
     * on the server while it is claimed.
     */
    public String marker() {
        return marker;
    }

    /** Whether the machine was started again since it was made. */
    boolean ofEarlierBoot() {
        return !boot.equals(ProcessIdentity.current().bootId());
    }

    /** A file of this folder. */
    Path file(String name) {
        return path.resolve(name);
    }

    /** Give up the ownership and leave the folder to another supervisor. */
    @Override
    public void close() {
        try {
            lockFile.close();
        } catch (IOException e) {
            throw failed(path, e);
        }
    }

    /** Remove it with all its files, once everything is delivered, and give up the ownership. */
    public void remove() {
        try {
            Files.deleteIfExists(
                    path.resolve(ExecutionFiles.EXECUTION)); // first: without it half an execution is not resumed
            clear(path, Set.of());
            Files.deleteIfExists(path.resolve(ExecutionFiles.LOCK));
            deleteUnlessMounted(path);
        } catch (IOException e) {
            throw failed(path, e);
        } finally {
            close();
        }
    }

    /**
     * Move it away from the executions, for an operator to look at, and give up the ownership.
     *
     * @return where it is now
     */
    public Path setAside() {
        try {
            return new AbandonedExecution(path, true).setAside();
        } finally {
            close();
        }
    }

    /** In a container the folder is a mount, which only its machine can remove, see {@link #removeRest}. */
    private static void deleteUnlessMounted(Path path) throws IOException {
        try {
            Files.delete(path);
        } catch (FileSystemException e) {
            if (!String.valueOf(e.getReason()).contains("busy")) {
                throw e;
            }
        }
    }

    /**
     * Remove what the place of an ended execution could not remove itself: the folder, in which nothing but the file of the
     * executor is left. Any other content stays, since it belongs to another execution of the task.
     */
    public static void removeRest(Path path) {
        try {
            if (begun(path) || Files.exists(path.resolve(ExecutionFiles.LAUNCHED))) {
                return;
            }
            Files.deleteIfExists(path.resolve(ExecutionFiles.EXECUTOR));
            Files.deleteIfExists(path);
        } catch (DirectoryNotEmptyException e) {
            // it belongs to another execution
        } catch (IOException e) {
            throw failed(path, e);
        }
    }

    private static void makeFolder(Path executions, Path path) throws IOException {
        OwnerOnly.createFolders(executions);
        if (!Files.isDirectory(path)) {
            OwnerOnly.createFolder(path);
        }
    }

    private static StateFile facts(Path path) {
        StateFile facts = StateFile.read(path.resolve(ExecutionFiles.EXECUTION))
                .orElseThrow(() -> new AgentException(
                        ErrorCode.NOT_FOUND, "no execution in '" + path + "'; it has ended and was removed"));
        long format = facts.requiredNumber("format");
        if (format != FORMAT) {
            throw new AgentException(
                    ErrorCode.FILE_SYSTEM,
                    "'" + path + "' has format '" + format + "', this agent knows '" + FORMAT
                            + "'; end that execution with the version of the agent that began it");
        }
        return facts;
    }

    /** The lock is the kernel's: it goes with the process that holds it, however that ends. */
    private static FileChannel lock(Path path) throws IOException {
        FileChannel channel =
                OwnerOnly.open(path.resolve(ExecutionFiles.LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        @Nullable FileLock lock = null;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            // Held by another supervisor in this process.
        } finally {
            if (lock == null) {
                channel.close();
            }
        }
        if (lock == null) {
            throw new AgentException(
                    ErrorCode.LOCKED, "the execution in '" + path + "' is supervised by another process of the agent");
        }
        return channel;
    }

    private static void refuseRunning(Path path) {
        for (String who : List.of(ExecutionFiles.PROCESS, ExecutionFiles.KEEPER)) {
            StateFile.read(path.resolve(who)).map(RunningProcess::identity).ifPresent(identity -> {
                boolean ended = Files.exists(path.resolve(ExecutionFiles.EXIT));
                if (!ended && identity.isAlive()) {
                    throw new AgentException(
                            ErrorCode.LOCKED,
                            "an earlier execution of this task still runs as process '" + identity.pid()
                                    + "'; stop it first, or resume it");
                }
            });
        }
    }

    /** The lock file stays, since others may be waiting on it. */
    private static void clear(Path path, Set<String> kept) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                if (!name.equals(ExecutionFiles.LOCK) && !kept.contains(name)) {
                    Folders.delete(entry);
                }
            }
        }
    }

    private interface Step<T> {
        T run() throws IOException;
    }

    private static <T> T guarded(Path path, Step<T> step) {
        try {
            return step.run();
        } catch (IOException e) {
            throw failed(path, e);
        }
    }

    private static AgentException failed(Path path, IOException cause) {
        return new AgentException(
                ErrorCode.FILE_SYSTEM,
                "cannot use the execution folder '" + path + "': " + cause
                        + "; see that the disk has room and the folder belongs to you",
                cause);
    }
}
