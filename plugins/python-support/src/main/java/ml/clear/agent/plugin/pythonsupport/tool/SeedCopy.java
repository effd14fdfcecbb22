// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pythonsupport.tool;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * Copies a seed. pip and setuptools come as hard links where the file system allows: pip replaces its own files when it
 * is upgraded and never writes into them.
 */
final class SeedCopy extends SimpleFileVisitor<Path> {

    private final Path from;
    private final Path to;
    private final Path packages;
    private boolean linking = true;

    private SeedCopy(Path from, Path to) {
        this.from = from;
        this.to = to;
        this.packages = from.resolve("lib");
    }

    static void of(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SeedCopy(from, to));
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
        Files.createDirectories(to.resolve(from.relativize(folder)));
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
        Path target = to.resolve(from.relativize(file));
        boolean own = !file.startsWith(packages) || attributes.isSymbolicLink();
        if (own || !linked(file, target)) {
            Files.copy(file, target, StandardCopyOption.COPY_ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
        }
        return FileVisitResult.CONTINUE;
    }

    private boolean linked(Path file, Path target) {
        if (linking) {
            try {
                Files.createLink(target, file);
            } catch (IOException | UnsupportedOperationException e) {
                linking = false; // another file system, or one without links
            }
        }
        return linking;
    }
}
