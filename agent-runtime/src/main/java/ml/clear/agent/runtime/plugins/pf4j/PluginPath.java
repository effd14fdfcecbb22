// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.plugins.pf4j;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** Looks at a path before it is opened: opening a pipe would wait for ever, and the JDK's messages about links say little. */
final class PluginPath {

    private PluginPath() {}

    /** Throws unless there is a file or a folder that this user may read. */
    static void requireReadable(Path path) {
        BasicFileAttributes attributes = attributes(path);
        if (attributes.isOther()) {
            throw Reasons.refused(
                    "'" + path + "' is a pipe, a socket or a device, neither a file nor a folder", "remove it");
        }
        boolean allowed = Files.isReadable(path) && (!attributes.isDirectory() || Files.isExecutable(path));
        if (!allowed) {
            throw Reasons.refused(
                    "'" + path + "' may not be read by user '" + System.getProperty("user.name") + "'",
                    "correct its permissions");
        }
    }

    /** Throws unless there is a file that this user may read. */
    static void requireFile(Path path) {
        requireReadable(path);
        if (Files.isDirectory(path)) {
            throw Reasons.refused("'" + path + "' is a folder", "put a file in its place");
        }
    }

    /** Whether a path is a link to something that does not exist. */
    static boolean isDanglingLink(Path path) {
        return Files.isSymbolicLink(path) && !Files.exists(path);
    }

    private static BasicFileAttributes attributes(Path path) {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class);
        } catch (NoSuchFileException e) {
            throw Files.isSymbolicLink(path) ? dangling(path) : Reasons.unreadable(path.toString(), e);
        } catch (IOException e) {
            throw Reasons.unreadable(path.toString(), e);
        }
    }

    private static RuntimeException dangling(Path link) {
        try {
            return Reasons.refused(
                    "'" + link + "' is a link to '" + Files.readSymbolicLink(link) + "', which does not exist",
                    "correct the link, or remove it");
        } catch (IOException e) {
            return Reasons.unreadable(link.toString(), e);
        }
    }
}
