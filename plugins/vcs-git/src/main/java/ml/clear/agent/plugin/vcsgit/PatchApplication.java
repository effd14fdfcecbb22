// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.InflaterInputStream;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import org.eclipse.jgit.diff.DiffEntry.ChangeType;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.patch.BinaryHunk;
import org.eclipse.jgit.patch.FileHeader;
import org.eclipse.jgit.patch.FormatError;
import org.eclipse.jgit.patch.HunkHeader;
import org.eclipse.jgit.patch.Patch;
import org.eclipse.jgit.util.RawParseUtils;
import org.eclipse.jgit.util.io.BinaryDeltaInputStream;
import org.eclipse.jgit.util.io.BinaryHunkInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Applies a patch to the files of a working copy: everything is worked out in memory first, so a patch that does not fit
 * changes nothing.
 */
final class PatchApplication {

    private static final String NOT_THERE = "/dev/null";

    private final Path root;
    private final Patch patch;
    private final PlannedFiles files;
    private final SubmoduleMoves submodules;

    private PatchApplication(Path root, Patch patch) {
        this.root = root;
        this.patch = patch;
        this.files = new PlannedFiles(root);
        this.submodules = new SubmoduleMoves(root);
    }

    /** Read a patch; a newline that was lost at its end is added. */
    static PatchApplication of(Path root, String diff) {
        byte[] bytes = (diff + "\n").getBytes(StandardCharsets.UTF_8);
        Patch patch = new Patch();
        patch.parse(bytes, 0, bytes.length);
        for (FormatError error : patch.getErrors()) {
            if (error.getSeverity() == FormatError.Severity.ERROR
                    && patch.getFiles().isEmpty()) {
                throw refused("it is no patch: " + error.getMessage());
            }
        }
        if (patch.getFiles().isEmpty()) {
            throw refused("it holds no change of a file");
        }
        return new PatchApplication(root, patch);
    }

    void apply() throws IOException {
        boolean done = false;
        try {
            for (FileHeader file : patch.getFiles()) {
                if (isSubmodule(file)) {
                    submodules.move(target(file), file);
                }
            }
            for (FileHeader file : patch.getFiles()) {
                if (!isSubmodule(file)) {
                    plan(file);
                }
            }
            files.write();
            done = true;
        } finally {
            if (!done) {
                submodules.moveBack();
            }
        }
    }

    private void plan(FileHeader file) throws IOException {
        if (file.getPatchType() == FileHeader.PatchType.BINARY) {
            throw refused("binary file '" + target(file) + "' was left out of it; commit and push that file");
        }
        if (file instanceof org.eclipse.jgit.patch.CombinedFileHeader) {
            throw refused("'" + target(file) + "' is in the middle of a merge; finish the merge first");
        }
        ChangeType change = typeOf(file);
        PlannedFiles.Content before = before(file, change);
        byte[] content = contentAfter(file, before);
        if (change == ChangeType.DELETE) {
            files.delete(file.getOldPath());
            return;
        }
        if (change == ChangeType.RENAME) {
            files.delete(file.getOldPath());
        }
        FileMode mode =
                file.getNewMode() == null || file.getNewMode() == FileMode.MISSING ? before.mode() : file.getNewMode();
        files.put(target(file), new PlannedFiles.Content(content, mode));
    }

    private PlannedFiles.Content before(FileHeader file, ChangeType change) throws IOException {
        switch (change) {
            case ADD -> {
                if (files.exists(file.getNewPath())) {
                    throw refused("it creates '" + file.getNewPath() + "', which exists already");
                }
                return new PlannedFiles.Content(new byte[0], FileMode.REGULAR_FILE);
            }
            case RENAME, COPY -> {
                return required(files.original(file.getOldPath()), file.getOldPath());
            }
            case MODIFY, DELETE -> {
                return required(files.current(file.getOldPath()), file.getOldPath());
            }
        }
        throw new IllegalStateException("unknown change " + change);
    }

    private static PlannedFiles.Content required(PlannedFiles.@Nullable Content content, String path) {
        if (content == null) {
            throw refused("it changes '" + path + "', which this commit does not have; push the commit that adds it");
        }
        return content;
    }

    private byte[] contentAfter(FileHeader file, PlannedFiles.Content before) throws IOException {
        if (file.getPatchType() == FileHeader.PatchType.GIT_BINARY) {
            BinaryHunk hunk = file.getForwardBinaryHunk();
            return hunk == null ? before.bytes() : binary(file, hunk, before.bytes());
        }
        HunkApplication hunks = new HunkApplication(target(file), before.bytes());
        for (HunkHeader hunk : file.getHunks()) {
            hunks.apply(hunk);
        }
        return hunks.result();
    }

    private byte[] binary(FileHeader file, BinaryHunk hunk, byte[] before) throws IOException {
        int start = RawParseUtils.nextLF(hunk.getBuffer(), hunk.getStartOffset());
        int length = hunk.getEndOffset() - start;
        try (InflaterInputStream inflated = new InflaterInputStream(
                new BinaryHunkInputStream(new ByteArrayInputStream(hunk.getBuffer(), start, length)))) {
            byte[] result = hunk.getType() == BinaryHunk.Type.LITERAL_DEFLATED
                    ? inflated.readAllBytes()
                    : delta(file, before, inflated);
            if (hunk.getType() == BinaryHunk.Type.LITERAL_DEFLATED && result.length != hunk.getSize()) {
                throw refused("binary file '" + target(file) + "' is cut off");
            }
            return result;
        } catch (org.eclipse.jgit.api.errors.JGitInternalException | java.util.zip.ZipException e) {
            throw refused("binary file '" + target(file) + "' is damaged");
        } catch (IOException e) {
            throw refused("binary file '" + target(file) + "' does not fit: " + e.getMessage());
        }
    }

    private static byte[] delta(FileHeader file, byte[] before, InflaterInputStream inflated) throws IOException {
        try (BinaryDeltaInputStream delta = new BinaryDeltaInputStream(before, inflated)) {
            byte[] result = delta.readAllBytes();
            if (result.length != delta.getExpectedResultSize()) {
                throw refused("binary file '" + target(file) + "' is cut off");
            }
            return result;
        }
    }

    private static ChangeType typeOf(FileHeader file) {
        if (NOT_THERE.equals(file.getOldPath())) {
            return ChangeType.ADD;
        }
        if (NOT_THERE.equals(file.getNewPath())) {
            return ChangeType.DELETE;
        }
        return file.getChangeType();
    }

    private static String target(FileHeader file) {
        return NOT_THERE.equals(file.getNewPath()) ? file.getOldPath() : file.getNewPath();
    }

    private static boolean isSubmodule(FileHeader file) {
        return FileMode.GITLINK.equals(file.getNewMode()) || FileMode.GITLINK.equals(file.getOldMode());
    }

    static AgentException refused(String why) {
        return new AgentException(ErrorCode.DIFF_NOT_APPLICABLE, "the uncommitted changes cannot be applied: " + why);
    }

    @Override
    public String toString() {
        return "patch of " + patch.getFiles().size() + " files for " + root;
    }
}
