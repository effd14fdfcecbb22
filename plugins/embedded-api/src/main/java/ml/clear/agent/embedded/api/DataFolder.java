// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;

/**
 * Where a server keeps everything. For its user only.
 *
 * @param path the folder
 */
public record DataFolder(Path path) {

    private static final int KEY_BYTES = 32;

    /** Make the folder when it is missing. */
    public static DataFolder open(Path path) throws IOException {
        Path absolute = path.toAbsolutePath().normalize();
        Files.createDirectories(
                absolute, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        return new DataFolder(absolute);
    }

    /** The database. */
    public Path database() {
        return path.resolve("server.db");
    }

    /** The key that tokens are signed with, made at first use, 0600. */
    byte[] tokenKey() throws IOException {
        Path file = path.resolve("token.key");
        if (!Files.exists(file)) {
            byte[] key = new byte[KEY_BYTES];
            new SecureRandom().nextBytes(key);
            writePrivately(file, key);
        }
        return Files.readAllBytes(file);
    }

    Path files() {
        return path.resolve("files");
    }

    Path incoming() {
        return path.resolve("incoming");
    }

    /** Write a file that only its owner may read, whole or not at all. */
    public static void writePrivately(Path file, byte[] content) throws IOException {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try {
            Files.createFile(part, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } catch (FileAlreadyExistsException e) {
            // Left by a process that was killed; the lock on the folder keeps others out.
            Files.setPosixFilePermissions(part, PosixFilePermissions.fromString("rw-------"));
        }
        Files.write(part, content);
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
