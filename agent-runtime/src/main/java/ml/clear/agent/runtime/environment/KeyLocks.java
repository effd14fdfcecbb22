// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.environment;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * One lock for each environment, among the threads and the processes that share a cache. The kernel lets go when a
 * process dies, so none is ever left behind; the files stay, since deleting one would let two believe that they hold it.
 * One instance for a folder in a process.
 */
final class KeyLocks {

    private static final Duration FIRST_PAUSE = Duration.ofMillis(10);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(250);

    private final Path folder;
    private final Set<String> taken = ConcurrentHashMap.newKeySet();

    KeyLocks(Path folder) {
        this.folder = folder;
    }

    /** A lock that is held until it is closed. */
    final class Held implements AutoCloseable {

        private final String name;
        private final FileChannel channel;

        private Held(String name, FileChannel channel) {
            this.name = name;
            this.channel = channel;
        }

        /** Let go; closing the file releases the kernel's lock. */
        @Override
        public void close() throws IOException {
            release(name, channel);
        }
    }

    /** Take a lock if nobody has it. */
    Optional<Held> attempt(String name) throws IOException {
        // The kernel drops a process's locks on a file as soon as any of its channels to it is closed, so a second
        // thread must not even open the file
        if (!taken.add(name)) {
            return Optional.empty();
        }
        FileChannel channel = null;
        boolean locked = false;
        try {
            Files.createDirectories(folder);
            channel = FileChannel.open(file(name), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            locked = channel.tryLock() != null;
            return locked ? Optional.of(new Held(name, channel)) : Optional.empty();
        } finally {
            if (!locked) {
                release(name, channel);
            }
        }
    }

    private void release(String name, @Nullable FileChannel channel) throws IOException {
        try {
            if (channel != null) {
                channel.close();
            }
        } finally {
            taken.remove(name);
        }
    }

    /** The file behind a lock. */
    Path file(String name) {
        return folder.resolve(name + ".lock");
    }

    /**
     * Wait for a lock.
     *
     * @param limit the longest wait, at most one; none for as long as it takes
     * @param waiting run once when somebody else has it
     * @return empty when the limit passed
     */
    Optional<Held> take(String name, List<Duration> limit, Runnable waiting) throws IOException, InterruptedException {
        Optional<Held> held = attempt(name);
        if (held.isPresent()) {
            return held;
        }
        waiting.run();
        long start = System.nanoTime();
        Duration pause = FIRST_PAUSE;
        while (held.isEmpty()) {
            Duration waited = Duration.ofNanos(System.nanoTime() - start);
            if (limit.stream().anyMatch(longest -> waited.compareTo(longest) > 0)) {
                return Optional.empty();
            }
            Thread.sleep(pause); // file locks offer no way to wait that an interrupt ends cleanly
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
            held = attempt(name);
        }
        return held;
    }
}
