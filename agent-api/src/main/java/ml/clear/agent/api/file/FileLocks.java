// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import ml.clear.agent.api.Stability;
import org.jspecify.annotations.Nullable;

/**
 * Named locks among the threads and the processes that share a folder. The kernel releases the locks of a process that dies,
 * so none is ever stale. The lock files stay in the folder, since deleting one would allow two holders at once. Not
 * reentrant. Safe for several threads; several instances may share a folder.
 */
@Stability.Incubating(since = "0.1")
public final class FileLocks {

    private static final Duration FIRST_PAUSE = Duration.ofMillis(10);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(250);

    /**
     * The lock files that this process has open. The kernel drops a process's locks on a file as soon as any of its channels
     * to it is closed, so a second thread must not even open the file.
     */
    private static final Set<Path> OPEN = ConcurrentHashMap.newKeySet();

    private final Path folder;

    /**
     * Locks in a folder.
     *
     * @param folder made when the first lock is taken
     */
    public FileLocks(Path folder) {
        this.folder = folder.toAbsolutePath().normalize();
    }

    /** A lock that is held until it is closed. */
    public static final class Held implements AutoCloseable {

        private final Path file;
        private final FileChannel channel;

        private Held(Path file, FileChannel channel) {
            this.file = file;
            this.channel = channel;
        }

        /** Release the lock. */
        @Override
        public void close() throws IOException {
            release(file, channel);
        }
    }

    /**
     * Take a lock without waiting.
     *
     * @return empty when another thread or process holds it
     * @throws IOException when the folder or the file cannot be written
     */
    public Optional<Held> attempt(String name) throws IOException {
        Path file = file(name);
        if (!OPEN.add(file)) {
            return Optional.empty();
        }
        FileChannel channel = null;
        boolean locked = false;
        try {
            Files.createDirectories(folder);
            channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            locked = channel.tryLock() != null;
            return locked ? Optional.of(new Held(file, channel)) : Optional.empty();
        } finally {
            if (!locked) {
                release(file, channel);
            }
        }
    }

    private static void release(Path file, @Nullable FileChannel channel) throws IOException {
        try {
            if (channel != null) {
                channel.close();
            }
        } finally {
            OPEN.remove(file);
        }
    }

    /** The file behind a lock. */
    public Path file(String name) {
        return folder.resolve(name + ".lock");
    }

    /**
     * Wait for a lock without a time limit.
     *
     * @param waiting run once when the lock is held by another
     */
    public Held take(String name, Runnable waiting) throws IOException, InterruptedException {
        return take(name, Duration.ofSeconds(Long.MAX_VALUE), waiting).orElseThrow();
    }

    /**
     * Wait for a lock.
     *
     * @param limit the longest wait
     * @param waiting run once when the lock is held by another
     * @return empty when the limit has passed
     */
    public Optional<Held> take(String name, Duration limit, Runnable waiting) throws IOException, InterruptedException {
        Optional<Held> held = attempt(name);
        if (held.isPresent()) {
            return held;
        }
        waiting.run();
        long start = System.nanoTime();
        Duration pause = FIRST_PAUSE;
        while (held.isEmpty()) {
            if (Duration.ofNanos(System.nanoTime() - start).compareTo(limit) > 0) {
                return Optional.empty();
            }
            Thread.sleep(pause); // file locks offer no way to wait that an interrupt ends cleanly
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
            held = attempt(name);
        }
        return held;
    }
}
