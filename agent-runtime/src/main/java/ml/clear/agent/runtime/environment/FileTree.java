// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.environment;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/**
 * What lies in a folder.
 *
 * @param root the folder
 * @param entries all files and symbolic links, relative
 */
record FileTree(Path root, List<Entry> entries) {

    FileTree {
        entries = List.copyOf(entries);
    }

    /**
     * A file or a symbolic link.
     *
     * @param path relative to the root
     * @param size in bytes
     * @param modified in milliseconds since 1970
     * @param link whether it is a symbolic link
     */
    record Entry(Path path, long size, long modified, boolean link) {

        static Entry of(Path path, BasicFileAttributes attributes) {
            return new Entry(
                    path, attributes.size(), attributes.lastModifiedTime().toMillis(), attributes.isSymbolicLink());
        }

        /** Whether it is a compiled module, which the interpreter may add or replace at any time. */
        boolean compiled() {
            return compiled(path);
        }

        static boolean compiled(Path path) {
            return path.toString().endsWith(".pyc") || path.toString().contains("__pycache__");
        }
    }

    /** Read a folder. Files that vanish meanwhile are left out. */
    static FileTree of(Path root) throws IOException {
        List<Entry> entries = new ArrayList<>();
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                entries.add(Entry.of(root.relativize(file), attributes));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                if (failure instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw failure;
            }
        });
        return new FileTree(root, entries);
    }
}
