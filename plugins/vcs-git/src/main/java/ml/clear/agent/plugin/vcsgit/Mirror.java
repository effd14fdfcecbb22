// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.stream.Stream;

/**
 * A bare repository with everything fetched from one address. A published mirror is never changed: an update is made
 * in a copy that shares its files by hard links, since git replaces files and never writes into them.
 *
 * @param repository the repository
 */
record Mirror(GitRepository repository) {

    private static final int MANY_PACKS = 50;

    static Mirror in(Path folder, GitProgram git) {
        return new Mirror(new GitRepository(git, folder, GitRepository.MIRROR_BRANCHES));
    }

    Path folder() {
        return repository.folder();
    }

    /** Make a copy of the files in a folder that does not exist yet. */
    void copyTo(Path copy) throws IOException {
        linkFiles(folder(), copy);
    }

    /** Make a copy of the objects in a folder that does not exist yet. */
    void copyObjectsTo(Path copy) throws IOException {
        linkFiles(folder().resolve("objects"), copy);
    }

    private static void linkFiles(Path folder, Path copy) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
                    throws IOException {
                Files.createDirectory(copy.resolve(folder.relativize(directory)));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (!isTemporary(file.getFileName().toString())) {
                    link(file, copy.resolve(folder.relativize(file)));
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** Combines packs when there are many; fetched objects are never removed. */
    void tidy() throws IOException, InterruptedException {
        try (Stream<Path> files = Files.list(folder().resolve("objects").resolve("pack"))) {
            if (files.filter(file -> file.toString().endsWith(".pack")).count() < MANY_PACKS) {
                return;
            }
        }
        repository.git().run(repository.command("repack", "-a", "-d", "-k", "-q"));
        repository.git().run(repository.command("pack-refs", "--all"));
    }

    private static void link(Path file, Path link) throws IOException {
        try {
            Files.createLink(link, file);
        } catch (IOException | UnsupportedOperationException e) {
            Files.copy(file, link);
        }
    }

    private static boolean isTemporary(String name) {
        return name.equals("FETCH_HEAD") || name.endsWith(".lock") || name.startsWith("tmp_");
    }
}
