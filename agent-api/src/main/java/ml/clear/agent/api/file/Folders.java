// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.file;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.atomic.AtomicLong;
import ml.clear.agent.api.Stability;
import org.jspecify.annotations.Nullable;

/** Folders with all that they hold. A symbolic link is an entry like a file: it is never followed. */
@Stability.Incubating(since = "0.1")
public final class Folders {

    /** How often to start again while another process keeps writing into the folder that is being deleted. */
    private static final int ATTEMPTS = 100;

    private Folders() {}

    /**
     * Delete a folder with all that it holds, or a file, or a symbolic link. Does nothing when it does not exist; files
     * that disappear meanwhile count as deleted.
     *
     * @throws IOException when something cannot be deleted, or when files keep appearing; other files may have been
     *     deleted by then
     */
    public static void delete(Path folder) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                Files.walkFileTree(folder, new Deleting());
                return;
            } catch (DirectoryNotEmptyException e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    /**
     * Delete what a folder holds and keep the folder.
     *
     * @throws IOException when there is no such folder, or as for {@link #delete}
     */
    public static void clear(Path folder) throws IOException {
        try (DirectoryStream<Path> children = Files.newDirectoryStream(folder)) {
            for (Path child : children) {
                delete(child);
            }
        }
    }

    /**
     * Whether a folder holds nothing.
     *
     * @throws IOException when there is no such folder, or it may not be read
     */
    public static boolean isEmpty(Path folder) throws IOException {
        try (DirectoryStream<Path> children = Files.newDirectoryStream(folder)) {
            return !children.iterator().hasNext();
        }
    }

    /**
     * The bytes of all files below a folder, or of one file. Files that disappear meanwhile, or cannot be read, count as empty.
     *
     * @throws IOException when there is no such folder or file
     */
    public static long size(Path folder) throws IOException {
        AtomicLong bytes = new AtomicLong();
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                bytes.addAndGet(attributes.size());
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                if (file.equals(folder)) {
                    throw failure;
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return bytes.get();
    }

    private static final class Deleting extends SimpleFileVisitor<Path> {

        /** Makes a read-only folder writable again, so that its contents can be deleted. */
        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
            if (!Files.isWritable(folder) || !Files.isExecutable(folder)) {
                OwnerOnly.restrict(folder);
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
            unlessVanished(failure);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure) throws IOException {
            if (failure != null) {
                unlessVanished(failure);
            }
            Files.deleteIfExists(folder);
            return FileVisitResult.CONTINUE;
        }

        private static void unlessVanished(IOException failure) throws IOException {
            if (!(failure instanceof NoSuchFileException)) {
                throw failure;
            }
        }
    }
}
