// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.file;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import ml.clear.agent.api.Stability;

/**
 * Files and folders that only their owner may read or write: {@code 0600} and {@code 0700}. They are created with these
 * permissions, so that no other user can open them in between.
 *
 * <p>Existing files and folders keep their permissions unless {@link #restrict} is called.
 */
@Stability.Incubating(since = "0.1")
public final class OwnerOnly {

    private static final Set<PosixFilePermission> FOLDER = PosixFilePermissions.fromString("rwx------");
    private static final FileAttribute<Set<PosixFilePermission>> NEW_FOLDER =
            PosixFilePermissions.asFileAttribute(FOLDER);
    private static final FileAttribute<Set<PosixFilePermission>> NEW_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private OwnerOnly() {}

    /**
     * Make a folder that does not exist yet, in one that does.
     *
     * @throws java.nio.file.FileAlreadyExistsException when there is something of that name
     */
    public static Path createFolder(Path folder) throws IOException {
        return Files.createDirectory(folder, NEW_FOLDER);
    }

    /** Make a folder and those above it, as far as they are missing. */
    public static Path createFolders(Path folder) throws IOException {
        return Files.createDirectories(folder, NEW_FOLDER);
    }

    /** Make a folder of a name that nothing else has. */
    public static Path createTemporaryFolder(Path parent, String prefix) throws IOException {
        return Files.createTempDirectory(parent, prefix, NEW_FOLDER);
    }

    /** Restrict a folder to its owner; does nothing when only the owner may use it already. */
    public static void restrict(Path folder) throws IOException {
        if (!Files.getPosixFilePermissions(folder).equals(FOLDER)) {
            Files.setPosixFilePermissions(folder, FOLDER);
        }
    }

    /** Open a file, which the options may ask to make. */
    public static FileChannel open(Path file, OpenOption... options) throws IOException {
        return FileChannel.open(file, Set.of(options), NEW_FILE);
    }

    /**
     * Write a file that does not exist yet. Unlike a channel this is not cut short when the thread is interrupted.
     *
     * @throws java.nio.file.FileAlreadyExistsException when there is something of that name
     */
    public static void write(Path file, byte[] content) throws IOException {
        open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE).close();
        try (FileOutputStream stream = new FileOutputStream(file.toFile())) {
            stream.write(content);
        }
    }

    /**
     * Write a file in place of the one that may be there. It is written beside, with {@code .new} after its name, and
     * renamed: a reader sees all of the old or all of the new. Not for two writers of one file at a time.
     */
    public static void replace(Path file, byte[] content) throws IOException {
        Path beside = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(beside);
        write(beside, content);
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
