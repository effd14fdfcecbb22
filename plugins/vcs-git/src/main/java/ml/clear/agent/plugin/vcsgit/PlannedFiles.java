// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.eclipse.jgit.lib.FileMode;
import org.jspecify.annotations.Nullable;

/** The state that a patch asks for, kept in memory until all of it is known, then written all or not at all. */
final class PlannedFiles {

    /**
     * A file.
     *
     * @param bytes its content; of a symbolic link, its target
     * @param mode what it is
     */
    @SuppressWarnings("ArrayRecordComponent") // carries bytes inside this package, never compared
    record Content(byte[] bytes, FileMode mode) {}

    private static final Content GONE = new Content(new byte[0], FileMode.MISSING);

    private final Path root;
    private final Map<String, Content> planned = new LinkedHashMap<>();

    PlannedFiles(Path root) {
        this.root = root;
    }

    boolean exists(String path) throws IOException {
        return current(path) != null;
    }

    /** The content as planned so far, or null when there is no such file. */
    @Nullable
    Content current(String path) throws IOException {
        Content content = planned.get(path);
        if (content == null) {
            return original(path);
        }
        return content.mode() == FileMode.MISSING ? null : content;
    }

    /** The content before the patch, or null when there was no such file. */
    @Nullable
    Content original(String path) throws IOException {
        Path file = safe(path);
        if (Files.isSymbolicLink(file)) {
            byte[] target = Files.readSymbolicLink(file).toString().getBytes(StandardCharsets.UTF_8);
            return new Content(target, FileMode.SYMLINK);
        }
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return null;
        }
        FileMode mode = Files.getPosixFilePermissions(file).contains(PosixFilePermission.OWNER_EXECUTE)
                ? FileMode.EXECUTABLE_FILE
                : FileMode.REGULAR_FILE;
        return new Content(Files.readAllBytes(file), mode);
    }

    void put(String path, Content content) {
        safe(path);
        planned.put(path, content);
    }

    void delete(String path) {
        safe(path);
        planned.put(path, GONE);
    }

    /** Write the plan. When that fails, the files are as they were. */
    void write() throws IOException {
        for (String path : planned.keySet()) {
            safe(path);
        }
        try (Undo undo = new Undo(root)) {
            for (String path : planned.keySet()) {
                undo.setAside(path);
            }
            for (Map.Entry<String, Content> entry : planned.entrySet()) {
                if (entry.getValue().mode() != FileMode.MISSING) {
                    writeOne(entry.getKey(), entry.getValue(), undo);
                }
            }
            undo.forget();
        }
    }

    private void writeOne(String path, Content content, Undo undo) throws IOException {
        Path file = root.resolve(path);
        try {
            Files.createDirectories(file.getParent());
            if (content.mode() == FileMode.SYMLINK) {
                Files.createSymbolicLink(file, Path.of(new String(content.bytes(), StandardCharsets.UTF_8)));
            } else {
                Files.write(file, content.bytes(), java.nio.file.StandardOpenOption.CREATE_NEW);
            }
        } catch (FileAlreadyExistsException e) {
            throw PatchApplication.refused(
                    "it needs the place of '" + path + "', where there is another file or folder");
        }
        undo.written(path);
        if (content.mode() == FileMode.EXECUTABLE_FILE) {
            makeExecutable(file);
        }
    }

    /** As far as others may read it, they may execute it. */
    private static void makeExecutable(Path file) throws IOException {
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
        permissions.add(PosixFilePermission.OWNER_EXECUTE);
        if (permissions.contains(PosixFilePermission.GROUP_READ)) {
            permissions.add(PosixFilePermission.GROUP_EXECUTE);
        }
        if (permissions.contains(PosixFilePermission.OTHERS_READ)) {
            permissions.add(PosixFilePermission.OTHERS_EXECUTE);
        }
        Files.setPosixFilePermissions(file, permissions);
    }

    /** The place of a path, which must lie in the working copy, outside its history and behind no symbolic link. */
    private Path safe(String path) {
        Path relative;
        try {
            relative = Path.of(path);
        } catch (InvalidPathException e) {
            throw PatchApplication.refused("'" + path + "' is no path of a file");
        }
        if (relative.isAbsolute() || path.isEmpty()) {
            throw PatchApplication.refused("'" + path + "' is no path inside the repository");
        }
        for (Path element : relative) {
            String name = element.toString().toLowerCase(Locale.ROOT);
            if (name.equals("..") || name.equals(".") || name.equals(".git")) {
                throw PatchApplication.refused("'" + path + "' is no path inside the repository");
            }
        }
        for (Path parent = relative.getParent(); parent != null; parent = parent.getParent()) {
            Content ahead = planned.get(parent.toString());
            boolean link =
                    ahead == null ? Files.isSymbolicLink(root.resolve(parent)) : ahead.mode() == FileMode.SYMLINK;
            if (link) {
                throw PatchApplication.refused("'" + path + "' lies behind the symbolic link '" + parent + "'");
            }
        }
        return root.resolve(relative);
    }
}
