// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import ml.clear.agent.api.file.OwnerOnly;

/**
 * The folder with all data of a server, accessible only by its user.
 *
 * @param path the folder
 */
public record DataFolder(Path path) {

    private static final int KEY_BYTES = 32;

    /** Make the folder when it is missing. */
    public static DataFolder open(Path path) throws IOException {
        Path absolute = path.toAbsolutePath().normalize();
        OwnerOnly.createFolders(absolute);
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
            OwnerOnly.replace(file, key);
        }
        return Files.readAllBytes(file);
    }

    Path files() {
        return path.resolve("files");
    }

    Path incoming() {
        return path.resolve("incoming");
    }
}
