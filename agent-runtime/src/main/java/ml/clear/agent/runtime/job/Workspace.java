// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.job;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.task.TaskId;
import ml.clear.agent.runtime.lifecycle.Closer;
import org.jspecify.annotations.Nullable;

/**
 * The folder in which one task is prepared and runs; no other task shares it. Readable by its owner alone; removed when it is
 * closed.
 */
final class Workspace implements AutoCloseable {

    private final Path folder;
    private final Closer closer = new Closer();

    private Workspace(Path folder) {
        this.folder = folder;
        closer.own(this::remove);
    }

    /**
     * Make the folder, empty.
     *
     * @param builds the folder of all workspaces ({@code agent.venvs_dir})
     */
    static Workspace open(Path builds, TaskId task) {
        Path folder = builds.toAbsolutePath().resolve(task.value());
        try {
            delete(folder);
            Files.createDirectories(builds);
            Files.createDirectory(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            return new Workspace(folder);
        } catch (IOException e) {
            throw new AgentException(
                    ErrorCode.FILE_SYSTEM,
                    "cannot make the work folder '" + folder + "': " + e
                            + "; check agent.venvs_dir and that its disk has room",
                    e);
        }
    }

    /** Own the folder that an execute process which died has left to a running task. */
    static Workspace takeOver(Path builds, TaskId task) {
        return new Workspace(builds.toAbsolutePath().resolve(task.value()));
    }

    /** Where the sources go. */
    Path sources() {
        return folder.resolve("sources");
    }

    /** Where the Python environment goes. */
    Path environment() {
        return folder.resolve("venv");
    }

    /** The configuration that the task's process reads. */
    Path configuration() {
        return folder.resolve("clearml.conf");
    }

    /** Take over something that lives in the folder; it is closed before the folder goes. */
    <T extends AutoCloseable> T own(T resource) {
        return closer.own(resource);
    }

    @Override
    public void close() {
        closer.close();
    }

    private void remove() {
        try {
            delete(folder);
        } catch (IOException e) {
            throw new AgentException(
                    ErrorCode.FILE_SYSTEM,
                    "cannot remove the work folder '" + folder + "': " + e + "; remove it by hand",
                    e);
        }
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.deleteIfExists(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
