// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.storage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import ml.clear.agent.api.config.Settings;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.file.FileLocks;
import ml.clear.agent.api.storage.DownloadSettings;
import ml.clear.agent.api.storage.StoredObject;

/**
 * Downloads that later tasks use again. An entry is named by the address of its object and by its entity tag, so that a changed
 * object has another entry; one without tag is not kept. The user of an entry gets a link of its own to the file, or a copy on
 * another disk, so that an eviction takes nothing from it. Safe for several threads and for the processes that share the folder.
 */
final class DownloadCache {

    private static final String EVICTION = "eviction";

    /** Entries whose names begin alike share a lock, so that the number of lock files is limited. */
    private static final int LOCK_DIGITS = 3;

    private final Path entries;
    private final FileLocks locks;
    private final long mostFiles;
    private final long mostBytes;
    private final long freeBytes;

    DownloadCache(Path folder, long mostFiles, long mostBytes, long freeBytes) {
        this.entries = folder.resolve("agent").resolve("files");
        this.locks = new FileLocks(folder.resolve("agent").resolve("locks"));
        this.mostFiles = mostFiles;
        this.mostBytes = mostBytes;
        this.freeBytes = freeBytes;
    }

    static DownloadCache of(Settings settings) {
        return new DownloadCache(
                settings.get(DownloadSettings.CACHE_FOLDER).toAbsolutePath(),
                settings.get(StorageSettings.CACHE_FILES).orElse(Long.MAX_VALUE),
                settings.get(StorageSettings.CACHE_BYTES).orElse(Long.MAX_VALUE),
                settings.get(StorageSettings.CACHE_FREE).orElse(0L));
    }

    /** Fetches an object into a file. */
    @FunctionalInterface
    interface Fetching {
        void to(Path target) throws InterruptedException;
    }

    /**
     * The object as a file in a folder of the caller.
     *
     * @param fetching used when the cache lacks it
     */
    Path provide(StoredObject object, Path folder, Fetching fetching) throws InterruptedException {
        Path target = folder.resolve(object.address().name());
        if (object.entityTag().isEmpty()) {
            fetching.to(target);
            return target;
        }
        try {
            Files.createDirectories(folder);
            Files.createDirectories(entries);
            Path entry = entries.resolve(name(object));
            if (!link(entry, target)) {
                fill(entry, fetching);
                if (!link(entry, target)) { // evicted at this moment
                    fetching.to(target);
                }
                evict();
            }
            return target;
        } catch (IOException e) {
            throw new AgentException(
                    ErrorCode.FILE_SYSTEM,
                    "the cache of downloads in '" + entries + "' cannot be used: " + e.getMessage()
                            + "; check sdk.storage.cache.default_base_dir",
                    e);
        }
    }

    private void fill(Path entry, Fetching fetching) throws IOException, InterruptedException {
        try (FileLocks.Held _ = locks.take(String.valueOf(entry.getFileName()).substring(0, LOCK_DIGITS), () -> {})) {
            if (!Files.exists(entry)) {
                fetching.to(entry);
                Files.setPosixFilePermissions(entry, PosixFilePermissions.fromString("r--r-----"));
            }
        }
    }

    /** Whether there is such an entry; it is then the one used last. */
    private static boolean link(Path entry, Path target) throws IOException {
        try {
            Files.setLastModifiedTime(entry, FileTime.from(Instant.now()));
            Files.deleteIfExists(target);
            try {
                Files.createLink(target, entry);
            } catch (NoSuchFileException e) {
                throw e;
            } catch (IOException | UnsupportedOperationException e) { // another disk, or too many links
                Files.copy(entry, target, StandardCopyOption.REPLACE_EXISTING);
            }
            return true;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** Delete what was not used for longest, until the rest is within the limits. Another process that does so suffices. */
    private void evict() throws IOException {
        Optional<FileLocks.Held> lock = locks.attempt(EVICTION);
        if (lock.isEmpty()) {
            return;
        }
        try (FileLocks.Held _ = lock.get()) {
            List<Entry> all = entries();
            long bytes = all.stream().mapToLong(Entry::size).sum();
            long files = all.size();
            long free = Files.getFileStore(entries).getUsableSpace();
            for (Entry oldest : all.subList(0, Math.max(0, all.size() - 1))) { // the newest is the one in use
                if (files <= mostFiles && bytes <= mostBytes && free >= freeBytes) {
                    return;
                }
                Files.deleteIfExists(oldest.file());
                files--;
                bytes -= oldest.size();
                free += oldest.size();
            }
        }
    }

    /** The entries, the one not used for longest first. */
    private List<Entry> entries() throws IOException {
        List<Entry> found = new ArrayList<>();
        try (Stream<Path> files = Files.list(entries)) {
            for (Path file : files.filter(
                            each -> !String.valueOf(each.getFileName()).startsWith("."))
                    .toList()) {
                try {
                    found.add(new Entry(
                            file, Files.size(file), Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS)));
                } catch (NoSuchFileException e) {
                    // evicted meanwhile
                }
            }
        }
        found.sort(Comparator.comparing(Entry::used));
        return found;
    }

    private static String name(StoredObject object) {
        try {
            byte[] identity = (object.address().text() + "\n" + object.entityTag()).getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(identity));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }

    /** @param used when it was used last */
    private record Entry(Path file, long size, FileTime used) {}
}
