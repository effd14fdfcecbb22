// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import ml.clear.agent.api.file.Folders;

/** The stored files. No name resolves outside of the folder, and a file is visible only when it is complete. */
final class FileTree {

    private final Path root;
    private final Path incoming;
    private final FileQuota quota;

    /**
     * The files in a folder.
     *
     * @param incoming a folder on the same file system for those that are not whole
     * @param most how many bytes they may hold together, 0 for any number
     */
    FileTree(Path root, Path incoming, long most) throws IOException {
        this.root = Files.createDirectories(root);
        this.quota = new FileQuota(root, most);
        this.incoming = Files.createDirectories(incoming);
        Folders.clear(incoming);
    }

    /** The path of a name, empty when it is outside of the root. Leading slashes do not count. */
    Optional<Path> locate(String name) {
        String relative = name.replaceFirst("^/+", "");
        if (relative.isEmpty() || relative.indexOf('\0') >= 0) {
            return Optional.empty();
        }
        for (String part : relative.split("/", -1)) {
            if (part.equals("..") || part.equals(".")) {
                return Optional.empty();
            }
        }
        try {
            Path path = root.resolve(relative).normalize();
            return path.startsWith(root) && !path.equals(root) ? Optional.of(path) : Optional.empty();
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    /** The file of a name, when there is one. */
    Optional<Path> file(String name) {
        return locate(name).filter(path -> Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS));
    }

    /** An empty file for an upload. */
    Path newIncoming() throws IOException {
        return Files.createTempFile(incoming, "upload-", ".part");
    }

    /** A stream to such a file that counts bytes and fails when the limit is exceeded. */
    FileQuota.Upload open(Path incoming) throws IOException {
        return quota.new Upload(Files.newOutputStream(incoming));
    }

    /** Put a whole file in its place. */
    void publish(Path whole, Path target) throws IOException {
        long replaced = Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS) ? Files.size(target) : 0;
        Path parent = target.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        Files.move(whole, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        quota.release(replaced);
    }

    /** Remove a file, or a folder with all that is in it; whether it was there. */
    boolean deleteTree(Path path) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        long size = Folders.size(path);
        Folders.delete(path);
        quota.release(size);
        return true;
    }

    /** The name of a stored file. */
    String name(Path path) {
        return root.relativize(path).toString();
    }
}
