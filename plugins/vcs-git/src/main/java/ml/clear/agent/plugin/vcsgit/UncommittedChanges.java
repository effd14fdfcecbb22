// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.eclipse.jgit.dircache.DirCacheIterator;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.submodule.SubmoduleWalk;
import org.eclipse.jgit.treewalk.EmptyTreeIterator;
import org.eclipse.jgit.treewalk.FileTreeIterator;
import org.eclipse.jgit.treewalk.NameConflictTreeWalk;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.filter.TreeFilter;
import org.jspecify.annotations.Nullable;

/**
 * What differs between the last commit and the files that git tracks, staged or not; untracked files are left out. Changes
 * inside submodules are told with paths from the outer root.
 */
final class UncommittedChanges {

    private static final int HEAD = 0;
    private static final int INDEX = 1;
    private static final int FILES = 2;

    private final Repository repository;
    private final String prefix;
    private final PatchText patch = new PatchText();

    UncommittedChanges(Repository repository, String prefix) {
        this.repository = repository;
        this.prefix = prefix;
    }

    String diff() throws IOException {
        try (ObjectReader reader = repository.newObjectReader();
                TreeWalk walk = new NameConflictTreeWalk(repository, reader)) {
            addTrees(walk, reader);
            walk.setFilter(new Tracked());
            walk.setOperationType(TreeWalk.OperationType.CHECKIN_OP);
            String last = "";
            while (walk.next()) {
                if (walk.isSubtree()) {
                    walk.enterSubtree();
                } else if (!walk.getPathString().equals(last)) {
                    last = walk.getPathString();
                    compare(walk, reader);
                }
            }
        }
        return patch.text();
    }

    private void addTrees(TreeWalk walk, ObjectReader reader) throws IOException {
        ObjectId head = repository.resolve(Constants.HEAD);
        if (head == null) {
            walk.addTree(new EmptyTreeIterator());
        } else {
            try (RevWalk commits = new RevWalk(reader)) {
                walk.addTree(commits.parseCommit(head).getTree());
            }
        }
        walk.addTree(new DirCacheIterator(repository.readDirCache()));
        FileTreeIterator files = new FileTreeIterator(repository);
        files.setDirCacheIterator(walk, INDEX);
        walk.addTree(files);
    }

    private void compare(TreeWalk walk, ObjectReader reader) throws IOException {
        String path = walk.getPathString();
        FileMode oldMode = leaf(walk.getFileMode(HEAD));
        boolean tracked = walk.getRawMode(INDEX) != 0 && !FileMode.TREE.equals(walk.getRawMode(INDEX));
        FileTreeIterator file = tracked ? walk.getTree(FILES, FileTreeIterator.class) : null;
        FileMode newMode = file == null ? FileMode.MISSING : modeOf(walk, file);
        if (FileMode.GITLINK.equals(oldMode) || FileMode.GITLINK.equals(walk.getRawMode(INDEX))) {
            submodule(walk, path, oldMode);
            return;
        }
        if (newMode != FileMode.MISSING && file != null && isUntouched(walk, file, reader, oldMode, newMode)) {
            return;
        }
        byte[] before = oldMode == FileMode.MISSING
                ? new byte[0]
                : reader.open(walk.getObjectId(HEAD)).getBytes();
        byte[] after = newMode == FileMode.MISSING || file == null ? new byte[0] : content(file);
        ObjectId oldId = oldMode == FileMode.MISSING ? ObjectId.zeroId() : walk.getObjectId(HEAD);
        ObjectId newId = newMode == FileMode.MISSING ? ObjectId.zeroId() : idOf(after);
        if (oldMode == newMode && Arrays.equals(before, after)) {
            return;
        }
        patch.add(prefix + path, new PatchText.Side(oldMode, oldId, before), new PatchText.Side(newMode, newId, after));
    }

    private static boolean isUntouched(
            TreeWalk walk, FileTreeIterator file, ObjectReader reader, FileMode oldMode, FileMode newMode)
            throws IOException {
        DirCacheIterator index = walk.getTree(INDEX, DirCacheIterator.class);
        return oldMode == newMode
                && index != null
                && index.getDirCacheEntry().getStage() == 0
                && walk.idEqual(HEAD, INDEX)
                && !file.isModified(index.getDirCacheEntry(), true, reader);
    }

    private static FileMode modeOf(TreeWalk walk, FileTreeIterator file) {
        return leaf(file.getIndexFileMode(walk.getTree(INDEX, DirCacheIterator.class)));
    }

    /** What is a folder now is gone as a file. */
    private static FileMode leaf(FileMode mode) {
        return mode == FileMode.TREE ? FileMode.MISSING : mode;
    }

    private static byte[] content(FileTreeIterator file) throws IOException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        try (InputStream stream = file.openEntryStream()) {
            stream.transferTo(content);
        }
        return content.toByteArray();
    }

    private static ObjectId idOf(byte[] content) {
        try (ObjectInserter.Formatter formatter = new ObjectInserter.Formatter()) {
            return formatter.idFor(Constants.OBJ_BLOB, content);
        }
    }

    private void submodule(TreeWalk walk, String path, FileMode oldMode) throws IOException {
        try (@Nullable Repository nested = SubmoduleWalk.getSubmoduleRepository(repository, path)) {
            ObjectId head = nested == null ? null : nested.resolve(Constants.HEAD);
            if (nested == null || head == null) {
                return; // not checked out here
            }
            ObjectId recorded = oldMode == FileMode.GITLINK ? walk.getObjectId(HEAD) : ObjectId.zeroId();
            if (!head.equals(recorded)) {
                patch.addSubmodule(prefix + path, recorded, head);
            }
            patch.append(new UncommittedChanges(nested, prefix + path + "/").diff());
        }
    }

    /** Paths that the commit or the index knows; folders of untracked files are never looked into. */
    private static final class Tracked extends TreeFilter {

        @Override
        public boolean include(TreeWalk walk) {
            return walk.getRawMode(HEAD) != 0 || walk.getRawMode(INDEX) != 0;
        }

        @Override
        public boolean shouldBeRecursive() {
            return false;
        }

        @Override
        public TreeFilter clone() {
            return this;
        }

        @Override
        public String toString() {
            return "tracked";
        }
    }
}
