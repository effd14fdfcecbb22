// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.environment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import ml.clear.agent.api.file.FileLocks;
import ml.clear.agent.api.file.Folders;
import ml.clear.agent.runtime.environment.FileTree.Entry;
import org.jspecify.annotations.Nullable;

/**
 * Copies of environments on disk, shared by all agents of a user.
 *
 * <p>{@code v1/entries/KEY} holds a manifest and the copy, {@code v1/locks} a lock for each key, {@code v1/staging}
 * what is being written; a copy is renamed from there into its place, so that no process sees an incomplete copy. The
 * caller holds the lock of the key that it works with. Files that the Python agent keeps in the same folder are not
 * touched.
 */
final class EnvironmentCache {

    private static final String MANIFEST = "manifest";
    private static final String COPY = "environment";
    private static final String PUBLISHED = "published";

    private final Path entries;
    private final Staging staging;
    private final FileLocks locks;
    private final EnvironmentSettings settings;
    private final TreeCopy copier;
    private final InstantSource clock;

    EnvironmentCache(EnvironmentSettings settings, TreeCopy copier, InstantSource clock) {
        Path root = settings.cache().resolve("v1");
        this.entries = root.resolve("entries");
        this.locks = new FileLocks(root.resolve("locks"));
        this.staging = new Staging(root.resolve("staging"), locks);
        this.settings = settings;
        this.copier = copier;
        this.clock = clock;
    }

    /** What came of keeping a copy. */
    enum Kept {
        /** It is there. */
        YES,
        /** The disk is too full, even without all other copies. */
        DISK_FULL
    }

    /** The locks of the keys. */
    FileLocks locks() {
        return locks;
    }

    /** Where files are made. */
    Staging staging() {
        return staging;
    }

    /** The place of the copy with this key, whether or not there is one. */
    Path copy(EnvironmentKey key) {
        return entries.resolve(key.value()).resolve(COPY);
    }

    /**
     * Copy an environment out of the cache. One that is damaged is discarded, and the target is removed.
     *
     * @return where the environment was built; empty when there was none
     */
    Optional<Path> restore(EnvironmentKey key, Path target) throws IOException, InterruptedException {
        Path entry = entries.resolve(key.value());
        Optional<Manifest> manifest = Manifest.read(entry.resolve(MANIFEST));
        if (manifest.isEmpty()) {
            return Optional.empty();
        }
        List<Entry> copied = copier.of(entry.resolve(COPY), target);
        if (!manifest.get().describes(copied)) {
            staging.delete(entry);
            Folders.delete(target);
            return Optional.empty();
        }
        Files.setLastModifiedTime(entry.resolve(MANIFEST), FileTime.from(clock.instant()));
        return Optional.of(manifest.get().builtAt());
    }

    /**
     * Copy the environment out of the cache that has the most lines in common with a wanted one.
     *
     * @param differing the names in which it may differ; it is equal in all others
     * @return where the environment was built; empty when there was none, or another agent uses it now
     */
    Optional<Path> restoreNearest(SortedMap<String, String> wanted, Set<String> differing, Path target)
            throws IOException, InterruptedException {
        Optional<EnvironmentKey> nearest = differing.isEmpty() ? Optional.empty() : nearest(wanted, differing);
        if (nearest.isEmpty()) {
            return Optional.empty();
        }
        Optional<FileLocks.Held> held = locks.attempt(nearest.get().value());
        if (held.isEmpty()) {
            return Optional.empty();
        }
        try (FileLocks.Held _ = held.get()) {
            return restore(nearest.get(), target);
        }
    }

    private Optional<EnvironmentKey> nearest(SortedMap<String, String> wanted, Set<String> differing)
            throws IOException {
        Optional<EnvironmentKey> nearest = Optional.empty();
        double most = 0;
        for (EnvironmentKey key : keys()) {
            Optional<Manifest> manifest = manifest(key);
            if (manifest.isPresent()) {
                double likeness = likeness(wanted, manifest.get().identity(), differing);
                if (likeness > most) {
                    most = likeness;
                    nearest = Optional.of(key);
                }
            }
        }
        return nearest;
    }

    /** The lines in common among all lines, from 0 to 1; 0 where another value differs. */
    private static double likeness(
            SortedMap<String, String> wanted, SortedMap<String, String> other, Set<String> differing) {
        Set<String> all = new HashSet<>();
        Set<String> common = new HashSet<>();
        Set<String> names = new HashSet<>(wanted.keySet());
        names.addAll(other.keySet());
        for (String name : names) {
            Set<String> ours = lines(wanted.get(name));
            Set<String> theirs = lines(other.get(name));
            if (differing.contains(name)) {
                ours.forEach(line -> (theirs.contains(line) ? common : all).add(name + line));
                theirs.forEach(line -> all.add(name + line));
            } else if (!ours.equals(theirs)) {
                return 0;
            }
        }
        all.addAll(common);
        return all.isEmpty() ? 0 : (double) common.size() / all.size();
    }

    private static Set<String> lines(@Nullable String value) {
        return value == null || value.isEmpty() ? Set.of() : value.lines().collect(Collectors.toSet());
    }

    /** Take a copy of an environment that was just built, in place of one that turned out to be of no use. */
    Kept publish(EnvironmentKey key, SortedMap<String, String> identity, Path environment)
            throws IOException, InterruptedException {
        if (!makeRoom(key)) {
            return Kept.DISK_FULL;
        }
        return staging.use(beside -> {
            List<Entry> copied = copier.of(environment, beside.resolve(COPY));
            Manifest.of(identity, environment, clock.millis(), copied).write(beside.resolve(MANIFEST));
            Files.setLastModifiedTime(beside.resolve(MANIFEST), FileTime.from(clock.instant()));
            if (!enoughSpace() && !makeRoom(key)) {
                return Kept.DISK_FULL;
            }
            Files.createDirectories(entries);
            Path entry = entries.resolve(key.value());
            if (Files.isDirectory(entry)) {
                staging.delete(entry);
            }
            Staging.move(beside, entry);
            return Kept.YES;
        });
    }

    /**
     * Write a copy into an archive, unless a task has changed it in place.
     *
     * @throws IOException also when the copy is gone, or the disk has no room
     */
    void archive(EnvironmentKey key, Path archive) throws IOException, InterruptedException {
        Path copy = copy(key);
        Manifest manifest = manifest(key).orElseThrow(() -> new NoSuchFileException(copy.toString()));
        List<Entry> files = FileTree.of(copy).entries();
        if (!manifest.describes(files)) {
            throw new IOException("a task has changed files of '" + copy + "'");
        }
        long bytes = files.stream().mapToLong(Entry::size).sum();
        if (Files.getFileStore(staging.folder()).getUsableSpace() - bytes < settings.freeBytes()) {
            throw new IOException("the disk of '" + staging.folder() + "' has no room for its archive");
        }
        ArchiveWriter.write(copy, manifest.builtAt(), archive);
    }

    /** What is known about storing a copy for other machines. */
    PublicationMark publicationMark(EnvironmentKey key, String address) {
        return new PublicationMark(copy(key).resolveSibling(PUBLISHED), address, clock);
    }

    /** The keys of all copies. */
    List<EnvironmentKey> keys() throws IOException {
        return Files.isDirectory(entries)
                ? list(entries).stream()
                        .map(entry -> new EnvironmentKey(entry.getFileName().toString()))
                        .toList()
                : List.of();
    }

    /** What was written down about a copy. */
    Optional<Manifest> manifest(EnvironmentKey key) throws IOException {
        return Manifest.read(entries.resolve(key.value()).resolve(MANIFEST));
    }

    /** When a copy was used last. */
    FileTime used(EnvironmentKey key) {
        return used(entries.resolve(key.value()));
    }

    /** Remove a copy, unless a task uses it. */
    boolean remove(EnvironmentKey key) throws IOException {
        Optional<FileLocks.Held> held = locks.attempt(key.value());
        if (held.isEmpty()) {
            return false;
        }
        try (FileLocks.Held _ = held.get()) {
            staging.delete(entries.resolve(key.value()));
            return true;
        }
    }

    /** Give up the copies not used for longest until there are few enough and the disk has room. */
    private boolean makeRoom(EnvironmentKey coming) throws IOException {
        Files.createDirectories(entries);
        List<Path> byAge = byAge(coming);
        long surplus = byAge.size() - (settings.maximumEntries() - 1);
        for (Path entry : byAge) {
            if (surplus <= 0 && enoughSpace()) {
                break;
            }
            if (remove(new EnvironmentKey(entry.getFileName().toString()))) { // otherwise it is in use
                surplus--;
            }
        }
        return enoughSpace();
    }

    private List<Path> byAge(EnvironmentKey coming) throws IOException {
        record Aged(Path entry, FileTime used) {}
        return list(entries).stream()
                .filter(entry -> !entry.getFileName().toString().equals(coming.value()))
                .map(entry -> new Aged(entry, used(entry)))
                .sorted(Comparator.comparing(Aged::used))
                .map(Aged::entry)
                .toList();
    }

    private static FileTime used(Path entry) {
        try {
            return Files.getLastModifiedTime(entry.resolve(MANIFEST));
        } catch (IOException e) {
            return FileTime.fromMillis(0); // without a manifest it is of no use
        }
    }

    private boolean enoughSpace() throws IOException {
        return settings.freeBytes() == 0 || Files.getFileStore(entries).getUsableSpace() >= settings.freeBytes();
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.toList();
        }
    }
}
