// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import ml.clear.agent.api.file.Folders;

/** Keeps files that are about to change, and puts them back unless told to forget them. */
final class Undo implements AutoCloseable {

    private final Path root;
    private final Path kept;
    private final Map<String, Path> aside = new LinkedHashMap<>();
    private final List<String> written = new ArrayList<>();
    private boolean forgotten;

    Undo(Path root) throws IOException {
        this.root = root;
        Path history = root.resolve(".git");
        this.kept = Files.createTempDirectory(Files.isDirectory(history) ? history : root, "before-patch-");
    }

    /** Move a file away, if there is one, and the folders that are empty then. */
    void setAside(String path) throws IOException {
        Path file = root.resolve(path);
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS) || Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Path place = kept.resolve(String.valueOf(aside.size()));
        Files.move(file, place);
        aside.put(path, place);
        removeEmptyParents(file);
    }

    void written(String path) {
        written.add(path);
    }

    /** The change is good. */
    void forget() {
        forgotten = true;
    }

    @Override
    public void close() throws IOException {
        try {
            if (!forgotten) {
                putBack();
            }
        } finally {
            Folders.delete(kept);
        }
    }

    private void putBack() throws IOException {
        for (String path : written) {
            Files.deleteIfExists(root.resolve(path));
            removeEmptyParents(root.resolve(path));
        }
        for (Map.Entry<String, Path> entry : aside.entrySet()) {
            Path file = root.resolve(entry.getKey());
            Files.createDirectories(Objects.requireNonNull(file.getParent()));
            Files.move(entry.getValue(), file);
        }
    }

    private void removeEmptyParents(Path file) throws IOException {
        try {
            for (Path parent = file.getParent();
                    parent != null && !parent.equals(root) && Files.isDirectory(parent);
                    parent = parent.getParent()) {
                Files.delete(parent);
            }
        } catch (DirectoryNotEmptyException e) {
            // the first folder that something else lies in stays, and so do those above it
        }
    }
}
