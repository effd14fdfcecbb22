// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.eclipse.jgit.internal.storage.file.FileRepository;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;

/** A bare repository that holds what was ever fetched from one address. Used only under its lock. */
final class Mirror implements AutoCloseable {

    private final Path folder;
    private final Repository repository;

    private Mirror(Path folder, Repository repository) {
        this.folder = folder;
        this.repository = repository;
    }

    static Mirror create(Path folder) throws IOException {
        Files.createDirectories(folder);
        Repository repository =
                new FileRepositoryBuilder().setBare().setGitDir(folder.toFile()).build();
        repository.create(true);
        return new Mirror(folder, repository);
    }

    static Mirror open(Path folder) throws IOException {
        Repository repository = new FileRepositoryBuilder()
                .setBare()
                .setMustExist(true)
                .setGitDir(folder.toFile())
                .build();
        return new Mirror(folder, repository);
    }

    Path folder() {
        return folder;
    }

    Repository repository() {
        return repository;
    }

    boolean has(ObjectId commit) throws IOException {
        return repository.getObjectDatabase().has(commit);
    }

    /** Remove what a process that was killed left locked; nobody else is here, since we hold the mirror's own lock. */
    void removeStaleLocks() throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                return directory.equals(folder.resolve("objects"))
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (file.getFileName().toString().endsWith(".lock")) {
                    Files.deleteIfExists(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** Join packs when there are many; with no expiry, so that nothing that was ever fetched goes. */
    void tidy() throws IOException {
        if (repository instanceof FileRepository files
                && files.getObjectDatabase().getPacks().size() > 50) {
            org.eclipse.jgit.internal.storage.file.GC gc = new org.eclipse.jgit.internal.storage.file.GC(files);
            gc.repack();
        }
    }

    @Override
    public void close() {
        repository.close();
    }
}
