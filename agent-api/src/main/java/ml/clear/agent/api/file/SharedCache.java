// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.file;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import ml.clear.agent.api.Stability;

/**
 * A folder of entries that threads and processes share. Each entry is a folder, locked while it is used; the modification time
 * of its file {@code used} is the time of its last use. Safe for several threads; several instances may share a folder.
 */
@Stability.Incubating(since = "0.1")
public final class SharedCache {

    private static final String USED = "used";
    private static final String EVICTED = "evicted";
    private static final Duration DAY = Duration.ofDays(1);

    private final Path folder;
    private final Limits limits;
    private final InstantSource clock;
    private final FileLocks locks;

    /**
     * What is evicted.
     *
     * @param longestUnused an entry that was not used for longer is evicted; zero for never
     * @param mostBytes when all entries together take more, the least recently used ones are evicted; zero for any size
     */
    public record Limits(Duration longestUnused, long mostBytes) {

        /** Nothing is ever evicted. */
        public static final Limits NONE = new Limits(Duration.ZERO, 0);

        /** Checks the sign. */
        public Limits {
            if (longestUnused.isNegative() || mostBytes < 0) {
                throw new IllegalArgumentException(
                        "limits must not be negative, got '" + longestUnused + "' and '" + mostBytes + "'");
            }
        }
    }

    /**
     * A cache in a folder.
     *
     * @param folder created with the first entry, for this user only
     */
    public SharedCache(Path folder, Limits limits, InstantSource clock) {
        this.folder = folder.toAbsolutePath().normalize();
        this.limits = Objects.requireNonNull(limits);
        this.clock = Objects.requireNonNull(clock);
        this.locks = new FileLocks(this.folder);
    }

    /** An entry, locked until it is closed. */
    public static final class Entry implements AutoCloseable {

        private final Path folder;
        private final FileLocks.Held lock;

        private Entry(Path folder, FileLocks.Held lock) {
            this.folder = folder;
            this.lock = lock;
        }

        /** Its folder, which exists. */
        public Path folder() {
            return folder;
        }

        /** Release the lock. */
        @Override
        public void close() throws IOException {
            lock.close();
        }
    }

    /** What is evicted. */
    public Limits limits() {
        return limits;
    }

    /** The folder of all entries. */
    public Path folder() {
        return folder;
    }

    /** The folder of an entry, which may be absent. */
    public Path place(String name) {
        return folder.resolve(name);
    }

    /** The file behind the lock of an entry, for messages. */
    public Path lockFile(String name) {
        return locks.file(name);
    }

    /**
     * Lock an entry and record that it is used now. Its folder is created if it is absent.
     *
     * @param patience the longest wait for the lock
     * @param waiting run once when another thread or process has the lock
     * @return empty when the lock was not free in time
     */
    public Optional<Entry> open(String name, Duration patience, Runnable waiting)
            throws IOException, InterruptedException {
        OwnerOnly.createFolders(folder);
        Optional<FileLocks.Held> lock = locks.take(name, patience, waiting);
        if (lock.isEmpty()) {
            return Optional.empty();
        }
        Path place = place(name);
        boolean opened = false;
        try {
            OwnerOnly.createFolders(place);
            stamp(place.resolve(USED), clock);
            opened = true;
            return Optional.of(new Entry(place, lock.get()));
        } finally {
            if (!opened) {
                lock.get().close();
            }
        }
    }

    /**
     * Evict the entries beyond the limits, at most once a day, since the size of every file is read. Entries that are
     * locked, or were used within the last day, are kept. Failures are logged.
     */
    public void evict() {
        try {
            Path evicted = folder.resolve(EVICTED);
            if (!Files.isDirectory(folder)
                    || (Files.exists(evicted) && isWithinADay(Files.getLastModifiedTime(evicted)))) {
                return;
            }
            stamp(evicted, clock);
            evictNow();
        } catch (IOException e) {
            System.getLogger(SharedCache.class.getName())
                    .log(System.Logger.Level.WARNING, "cannot evict entries from ''{0}'': {1}", folder, e.toString());
        }
    }

    private void evictNow() throws IOException {
        List<Candidate> candidates = candidates();
        long total = candidates.stream().mapToLong(Candidate::bytes).sum();
        Instant now = clock.instant();
        for (Candidate candidate : candidates) {
            boolean old = !limits.longestUnused().isZero()
                    && candidate.used().toInstant().plus(limits.longestUnused()).isBefore(now);
            boolean tooMuch = limits.mostBytes() > 0 && total > limits.mostBytes();
            if ((old || tooMuch) && !isWithinADay(candidate.used()) && evicted(candidate)) {
                total -= candidate.bytes();
            }
        }
    }

    private boolean evicted(Candidate candidate) throws IOException {
        Optional<FileLocks.Held> lock =
                locks.attempt(candidate.place().getFileName().toString());
        if (lock.isEmpty()) {
            return false;
        }
        try (FileLocks.Held _ = lock.get()) {
            Folders.delete(candidate.place());
            System.getLogger(SharedCache.class.getName())
                    .log(
                            System.Logger.Level.INFO,
                            "evicted ''{0}'', last used {1}",
                            candidate.place(),
                            candidate.used());
            return true;
        }
    }

    /** All entries, the least recently used first. */
    private List<Candidate> candidates() throws IOException {
        List<Candidate> candidates = new ArrayList<>();
        try (DirectoryStream<Path> places = Files.newDirectoryStream(folder)) {
            for (Path place : places) {
                Path used = place.resolve(USED);
                if (Files.isRegularFile(used)) {
                    candidates.add(new Candidate(place, Files.getLastModifiedTime(used), Folders.size(place)));
                }
            }
        }
        candidates.sort(Comparator.comparing(Candidate::used));
        return candidates;
    }

    private boolean isWithinADay(FileTime time) {
        return time.toInstant().plus(DAY).isAfter(clock.instant());
    }

    private static void stamp(Path file, InstantSource clock) throws IOException {
        if (!Files.exists(file)) {
            Files.write(file, new byte[0]);
        }
        Files.setLastModifiedTime(file, FileTime.from(clock.instant()));
    }

    private record Candidate(Path place, FileTime used, long bytes) {}
}
