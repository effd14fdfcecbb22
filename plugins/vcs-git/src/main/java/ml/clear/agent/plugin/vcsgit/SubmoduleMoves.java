// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jgit.lib.NullProgressMonitor;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.patch.FileHeader;

/** Moves submodules to the commits that a patch names, as far as their own history has them. */
final class SubmoduleMoves {

    private static final Pattern NEW_COMMIT =
            Pattern.compile("^\\+Subproject commit ([0-9a-f]{40})", Pattern.MULTILINE);

    private final Path root;
    private final Map<Path, ObjectId> before = new LinkedHashMap<>();

    SubmoduleMoves(Path root) {
        this.root = root;
    }

    void move(String path, FileHeader file) throws IOException {
        Optional<ObjectId> wanted = commit(file);
        if (wanted.isEmpty()) {
            return; // the submodule goes; git leaves its folder too
        }
        Path folder = root.resolve(path).normalize();
        if (!folder.startsWith(root) || !Files.isDirectory(folder.resolve(".git"))) {
            throw PatchApplication.refused("submodule '" + path + "' is not part of this commit; commit and push it");
        }
        try (WorkingTree tree = WorkingTree.open(folder)) {
            if (!tree.repository().getObjectDatabase().has(wanted.get())) {
                throw PatchApplication.refused("submodule '" + path + "' has no commit '"
                        + wanted.get().name() + "'; push it to the submodule's repository");
            }
            ObjectId head = tree.repository().resolve("HEAD");
            if (head != null) {
                before.put(folder, head);
            }
            tree.checkOut(wanted.get(), NullProgressMonitor.INSTANCE);
            tree.detach(wanted.get());
        }
    }

    void moveBack() throws IOException {
        for (Map.Entry<Path, ObjectId> entry : before.entrySet()) {
            try (WorkingTree tree = WorkingTree.open(entry.getKey())) {
                tree.checkOut(entry.getValue(), NullProgressMonitor.INSTANCE);
                tree.detach(entry.getValue());
            }
        }
    }

    private static Optional<ObjectId> commit(FileHeader file) {
        String text = new String(
                file.getBuffer(),
                file.getStartOffset(),
                file.getEndOffset() - file.getStartOffset(),
                StandardCharsets.UTF_8);
        Matcher line = NEW_COMMIT.matcher(text);
        return line.find() ? Optional.of(ObjectId.fromString(line.group(1))) : Optional.empty();
    }
}
