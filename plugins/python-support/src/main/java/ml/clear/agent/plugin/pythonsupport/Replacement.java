// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pythonsupport;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/** Replaces a file. The old file's content is never modified: it may be a hard link to a file that others use. */
public final class Replacement {

    private Replacement() {}

    static void of(Path file, String text) throws IOException {
        of(file, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Write the content beside the file, with the file's permissions, and rename it. */
    public static void of(Path file, byte[] content) throws IOException {
        Path beside = file.resolveSibling("." + file.getFileName() + ".new");
        try {
            Files.write(beside, content);
            if (Files.exists(file)) {
                Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
                Files.setPosixFilePermissions(beside, permissions);
            }
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(beside);
        }
    }
}
