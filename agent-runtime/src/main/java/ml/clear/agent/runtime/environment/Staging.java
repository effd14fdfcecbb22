// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.environment;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import ml.clear.agent.api.file.FileLocks;
import ml.clear.agent.api.file.Folders;

/** Folders for what is being made or deleted, each locked by its process, so that what a process leaves when it dies is found. */
final class Staging {

    private static final String PREFIX = "staging-";

    private final Path folder;
    private final FileLocks locks;

    /** In a folder on the disk of the cache. */
    Staging(Path folder, FileLocks locks) {
        this.folder = folder;
        this.locks = locks;
    }

    /** Uses a folder. */
    @FunctionalInterface
    interface Work<T> {
        T in(Path folder) throws IOException, InterruptedException;
    }

    /** Where the folders lie. */
    Path folder() {
        return folder;
    }

    /** Work in a new folder, which is deleted afterwards if it is still there. */
    <T> T use(Work<T> work) throws IOException, InterruptedException {
        String name = UUID.randomUUID().toString();
        Files.createDirectories(folder);
        try (FileLocks.Held _ = locks.attempt(PREFIX + name).orElseThrow()) {
            Path own = folder.resolve(name);
            try {
                Files.createDirectory(own);
                return work.in(own);
            } finally {
                Folders.delete(own);
                Files.deleteIfExists(locks.file(PREFIX + name));
            }
        }
    }

    /** Delete a folder of the cache. Renamed first: a copy that is half deleted must not look like a whole one. */
    void delete(Path entry) throws IOException {
        String name = UUID.randomUUID().toString();
        Files.createDirectories(folder);
        try (FileLocks.Held _ = locks.attempt(PREFIX + name).orElseThrow()) {
            Path aside = folder.resolve(name);
            move(entry, aside);
            Folders.delete(aside);
            Files.deleteIfExists(locks.file(PREFIX + name));
        }
    }

    /** Rename between the folders of the cache. */
    static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            throw new IOException("'" + to.getParent() + "' must be one file system", e);
        }
    }

    /** Remove what agents left behind that died while they wrote. */
    void sweep() throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> all = Files.list(folder)) {
            for (Path left : all.toList()) {
                String name = PREFIX + left.getFileName();
                Optional<FileLocks.Held> held = locks.attempt(name);
                if (held.isPresent()) {
                    try (FileLocks.Held _ = held.get()) {
                        Folders.delete(left);
                        Files.deleteIfExists(locks.file(name));
                    }
                }
            }
        }
    }
}
