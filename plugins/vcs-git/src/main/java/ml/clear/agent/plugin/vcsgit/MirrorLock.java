// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.process.Console;
import org.jspecify.annotations.Nullable;

/**
 * Excludes other threads and processes from one mirror. The kernel releases it when this process ends for any reason.
 */
final class MirrorLock implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofHours(1);
    private static final Duration SILENCE = Duration.ofSeconds(2);
    private static final long PAUSE_MILLIS = 20;

    private final FileChannel channel;

    private MirrorLock(FileChannel channel) {
        this.channel = channel;
    }

    /** Wait for the lock, at most an hour. */
    static MirrorLock acquire(Path file, Console console) throws IOException, InterruptedException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            long start = System.nanoTime();
            boolean reported = false;
            while (tryLock(channel) == null) {
                Duration waited = Duration.ofNanos(System.nanoTime() - start);
                if (waited.compareTo(PATIENCE) > 0) {
                    throw new AgentException(
                            ErrorCode.LOCKED,
                            "another process has held '" + file + "' for an hour; end it, or set agent.vcs_cache.path"
                                    + " to a folder of this agent's own");
                }
                if (!reported && waited.compareTo(SILENCE) > 0) {
                    console.line("git: waiting for another task that fetches the same repository");
                    reported = true;
                }
                Thread.sleep(PAUSE_MILLIS);
            }
            return new MirrorLock(channel);
        } catch (IOException | InterruptedException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** Take the lock unless it is held. */
    static Optional<MirrorLock> tryAcquire(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (tryLock(channel) != null) {
            return Optional.of(new MirrorLock(channel));
        }
        channel.close();
        return Optional.empty();
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // held by another thread of this process
        }
    }

    /** Free the lock. The file stays: deleting it would let two processes hold it at once. */
    @Override
    public void close() throws IOException {
        channel.close();
    }
}
