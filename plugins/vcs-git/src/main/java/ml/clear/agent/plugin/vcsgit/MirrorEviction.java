// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import ml.clear.agent.api.file.Folders;

/**
 * Evicts mirrors that have not been used for long, then the least recently used ones until the rest is within the
 * limit. Mirrors that are locked, or were used within the last day, are kept. Runs at most once a day, since it reads
 * the size of every file.
 */
final class MirrorEviction {

    private static final Duration PAUSE = Duration.ofDays(1);
    private static final String STAMP = "evicted";

    private final Path folder;
    private final Duration longestUnused;
    private final long mostBytes;
    private final InstantSource clock;

    /**
     * An eviction.
     *
     * @param longestUnused a mirror that was not used for longer goes; zero for never
     * @param mostBytes what all mirrors may take; zero for any size
     */
    MirrorEviction(Path folder, Duration longestUnused, long mostBytes, InstantSource clock) {
        this.folder = folder;
        this.longestUnused = longestUnused;
        this.mostBytes = mostBytes;
        this.clock = clock;
    }

    /** Evict when a day has passed since the last time. A failure is logged and never fails a task. */
    void runOnceADay() {
        try {
            Path stamp = folder.resolve(STAMP);
            Instant now = clock.instant();
            if (Files.exists(stamp)
                    && Files.getLastModifiedTime(stamp).toInstant().plus(PAUSE).isAfter(now)) {
                return;
            }
            Files.write(stamp, new byte[0]);
            Files.setLastModifiedTime(stamp, FileTime.from(now));
            run(now);
        } catch (IOException e) {
            System.getLogger(MirrorEviction.class.getName())
                    .log(System.Logger.Level.WARNING, "cannot evict mirrors from ''{0}'': {1}", folder, e.toString());
        }
    }

    private void run(Instant now) throws IOException {
        List<Entry> entries = new ArrayList<>(entries());
        entries.sort(Comparator.comparing(Entry::used));
        long total = entries.stream().mapToLong(Entry::bytes).sum();
        for (Entry entry : entries) {
            boolean old =
                    !longestUnused.isZero() && entry.used().plus(longestUnused).isBefore(now);
            boolean tooMuch = mostBytes > 0 && total > mostBytes;
            boolean idle = entry.used().plus(PAUSE).isBefore(now);
            if (idle && (old || tooMuch) && evict(entry)) {
                total -= entry.bytes();
            }
        }
    }

    private static boolean evict(Entry entry) throws IOException {
        Optional<MirrorLock> lock = MirrorLock.tryAcquire(MirrorCache.lockOf(entry.place()));
        if (lock.isEmpty()) {
            return false;
        }
        try (MirrorLock _ = lock.get()) {
            Folders.delete(entry.place());
            System.getLogger(MirrorEviction.class.getName())
                    .log(
                            System.Logger.Level.INFO,
                            "evicted the mirror ''{0}'', last used {1}",
                            entry.place(),
                            entry.used());
            return true;
        }
    }

    private List<Entry> entries() throws IOException {
        List<Entry> entries = new ArrayList<>();
        try (DirectoryStream<Path> places = Files.newDirectoryStream(folder)) {
            for (Path place : places) {
                Path used = place.resolve(MirrorCache.USED);
                if (Files.isRegularFile(used)) {
                    entries.add(new Entry(place, Files.getLastModifiedTime(used).toInstant(), size(place)));
                }
            }
        }
        return entries;
    }

    private static long size(Path place) throws IOException {
        AtomicLong bytes = new AtomicLong();
        Files.walkFileTree(place, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                bytes.addAndGet(attributes.size());
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) {
                return FileVisitResult.CONTINUE; // removed meanwhile
            }
        });
        return bytes.get();
    }

    /** A mirror, the time of its last use and its size. */
    private record Entry(Path place, Instant used, long bytes) {}
}
