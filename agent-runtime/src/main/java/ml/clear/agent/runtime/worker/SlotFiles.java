// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.worker;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongPredicate;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;

/**
 * The files in the folder for temporary files by which the Python agents of a machine, and our daemons of all home folders, share
 * out the numbers of its workers: {@code .clearmlagent_<pid>_<random>.tmp} with the worker's id in the first line and its
 * number in the second. Safe for several processes.
 */
public final class SlotFiles {

    private static final System.Logger LOG = System.getLogger(SlotFiles.class.getName());
    private static final String PREFIX = ".clearmlagent_";
    private static final Pattern NAME = Pattern.compile("\\.clearmlagent_(\\d{1,10})_.*\\.tmp");
    private static final String LOCK = "_.clearmlagent_global.lock";

    /** A lock that is older was left by a process that died; the Python agent removes it then. */
    private static final Duration LOCK_LIMIT = Duration.ofSeconds(10);

    private static final Duration LOCK_LOOK = Duration.ofMillis(100);

    private final Path folder;
    private final LongPredicate lives;

    /** A worker that another process has. */
    record Taken(String id, OptionalInt slot, long pid) {}

    private SlotFiles(Path folder, LongPredicate lives) {
        this.folder = folder;
        this.lives = lives;
    }

    /** Those of this machine, where Python's programs keep temporary files. */
    public static SlotFiles of(Map<String, String> environment) {
        for (String name : List.of("TMPDIR", "TEMP", "TMP")) {
            String value = environment.getOrDefault(name, "");
            if (!value.isBlank() && Files.isDirectory(Path.of(value))) {
                return in(Path.of(value), SlotFiles::isAlive);
            }
        }
        return in(Path.of("/tmp"), SlotFiles::isAlive);
    }

    static SlotFiles in(Path folder, LongPredicate lives) {
        return new SlotFiles(folder, lives);
    }

    private static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
    }

    /** The workers of other processes that live; one whose file is not readable has no number that is known. */
    List<Taken> others() {
        List<Taken> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, PREFIX + "*")) {
            for (Path file : files) {
                Matcher name = NAME.matcher(file.getFileName().toString());
                if (!name.matches()) {
                    continue;
                }
                long pid = Long.parseLong(name.group(1));
                if (lives.test(pid)) {
                    read(file, pid).ifPresent(found::add);
                } else {
                    delete(file);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the workers of other agents in ''{0}'' are not known: {1}",
                    folder,
                    e);
        }
        return found;
    }

    private static Optional<Taken> read(Path file, long pid) {
        try {
            List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
            String number = lines.size() > 1 ? lines.get(1).strip() : "";
            return lines.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Taken(
                            lines.getFirst().strip(),
                            number.matches("\\d{1,9}") ? OptionalInt.of(Integer.parseInt(number)) : OptionalInt.empty(),
                            pid));
        } catch (IOException e) {
            return Optional.empty(); // belongs to another user, or was just deleted
        }
    }

    /** Write the file of a worker; agents of all users may read it. A failure is only logged. */
    void write(LocalWorker worker) {
        long random = ThreadLocalRandom.current().nextLong(1L << 40);
        Path file = folder.resolve(PREFIX + worker.process().pid() + "_" + Long.toString(random, 36) + ".tmp");
        try {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r--r--")));
            Files.writeString(
                    file, worker.id() + "\n" + worker.slot()); // a third line would make the Python agent ignore it
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "other agents do not see this worker, ''{0}'': {1}", file, e);
        }
    }

    /** Remove the file of a worker. */
    void remove(LocalWorker worker) {
        try (DirectoryStream<Path> files =
                Files.newDirectoryStream(folder, PREFIX + worker.process().pid() + "_*.tmp")) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "the file of a worker was not removed", e);
        }
    }

    /** Do something that no other agent of the machine does at the same time, as far as they keep to the lock. */
    <T> T exclusively(Supplier<T> step) {
        Path lock = folder.resolve(LOCK);
        boolean locked = lock(lock);
        try {
            return step.get();
        } finally {
            if (locked) {
                delete(lock);
            }
        }
    }

    private static boolean lock(Path lock) {
        long start = System.nanoTime();
        while (true) {
            try {
                Files.createFile(lock);
                return true;
            } catch (FileAlreadyExistsException e) {
                if ((isOld(lock) || System.nanoTime() - start >= LOCK_LIMIT.toNanos()) && !delete(lock)) {
                    return false; // another user's
                }
            } catch (IOException e) {
                LOG.log(System.Logger.Level.DEBUG, "no lock among the agents of this machine", e);
                return false;
            }
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(LOCK_LOOK);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AgentException(ErrorCode.LOCKED, "interrupted while another agent of this machine starts", e);
        }
    }

    private static boolean isOld(Path lock) {
        try {
            return Files.getLastModifiedTime(lock)
                    .toInstant()
                    .isBefore(Instant.now().minus(LOCK_LIMIT));
        } catch (IOException e) {
            return false; // just deleted
        }
    }

    private static boolean delete(Path file) {
        try {
            Files.deleteIfExists(file);
            return true;
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "a file of another agent was not removed", e);
            return false;
        }
    }
}
