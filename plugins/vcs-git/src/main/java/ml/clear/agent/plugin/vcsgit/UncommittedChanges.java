// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * What differs between a commit and the files that git tracks, staged or not; untracked files are left out. What differs inside
 * a submodule is written with paths from the outer root, from the commit that the outer one names, so that commits of the
 * submodule that were never pushed travel as well.
 */
final class UncommittedChanges {

    private static final String HEAD = "HEAD";
    private static final String SUBMODULE_MODE = "160000";

    /** Keys of the user's configuration that would change the form of a diff. */
    private static final Map<String, String> PLAIN = Map.of(
            "diff.noprefix", "false",
            "diff.mnemonicPrefix", "false",
            "diff.orderFile", "/dev/null",
            "diff.relative", "false",
            "diff.suppressBlankEmpty", "false",
            "core.quotePath", "true");

    private final GitProgram git;
    private final Map<String, String> keys;
    private final Map<String, String> variables;

    UncommittedChanges(GitProgram git, Map<String, String> filters) {
        this(git, filters, Map.of());
    }

    private UncommittedChanges(GitProgram git, Map<String, String> filters, Map<String, String> variables) {
        this.git = git;
        this.keys = new HashMap<>(PLAIN);
        keys.putAll(filters);
        this.variables = variables;
    }

    /**
     * Write the changes since the last commit of a working copy; an empty file when there are none, or no commit.
     *
     * @param added files that are not tracked and become new ones
     */
    void write(Path root, List<Path> added, Path diff) throws IOException, InterruptedException {
        Files.createFile(diff);
        if (new GitRepository(git, root, GitRepository.COPY_BRANCHES)
                .commit(HEAD)
                .isEmpty()) {
            return;
        }
        if (added.isEmpty()) {
            append(root, "", HEAD, diff);
            return;
        }
        Path index = diff.resolveSibling(diff.getFileName() + "-index");
        try {
            new AddedFiles(git, root).note(added, index);
            new UncommittedChanges(git, keys, Map.of("GIT_INDEX_FILE", index.toString())).append(root, "", HEAD, diff);
        } finally {
            Files.deleteIfExists(index);
        }
    }

    private void append(Path root, String prefix, String commit, Path diff) throws IOException, InterruptedException {
        Path part = diff.resolveSibling(diff.getFileName() + "-" + UUID.randomUUID());
        try {
            git.run(difference(root, prefix, commit, part, List.of()));
            if (!NonUtf8Files.in(part).isEmpty()) {
                withBinary(root, prefix, commit, part);
            }
            move(part, diff);
        } finally {
            Files.deleteIfExists(part);
        }
        if (!Files.exists(root.resolve(".gitmodules"))) {
            return;
        }
        for (Changed submodule : changedSubmodules(root, commit)) {
            Path folder = root.resolve(submodule.path());
            if (Files.exists(folder.resolve(".git"))) {
                new UncommittedChanges(git, keys)
                        .append(folder, prefix + submodule.path() + "/", base(folder, submodule), diff);
            }
        }
    }

    /** The same with non-UTF-8 files as binary ones. */
    private void withBinary(Path root, String prefix, String commit, Path part)
            throws IOException, InterruptedException {
        Path second = part.resolveSibling(part.getFileName() + "-binary");
        Path attributes = part.resolveSibling(part.getFileName() + "-attributes");
        try {
            Files.writeString(attributes, "* -diff\n");
            git.run(difference(root, prefix, commit, part, List.of()).with("diff.renames", "false"));
            List<String> names = NonUtf8Files.in(part).stream()
                    .map(name -> name.substring(prefix.length()))
                    .toList();
            git.run(difference(
                            root,
                            prefix,
                            commit,
                            part,
                            names.stream()
                                    .map(name -> ":(exclude,literal)" + name)
                                    .toList())
                    .with("diff.renames", "false"));
            git.run(difference(
                            root,
                            prefix,
                            commit,
                            second,
                            names.stream().map(name -> ":(literal)" + name).toList())
                    .with("diff.renames", "false")
                    .with("core.attributesFile", attributes.toString()));
            move(second, part);
        } finally {
            Files.deleteIfExists(second);
            Files.deleteIfExists(attributes);
        }
    }

    private GitCommand difference(Path root, String prefix, String commit, Path output, List<String> paths) {
        List<String> arguments = new ArrayList<>(List.of(
                "diff",
                "--binary",
                "--full-index",
                "--no-color",
                "--no-ext-diff",
                "--no-textconv",
                "--ignore-submodules=all",
                "--src-prefix=a/" + prefix,
                "--dst-prefix=b/" + prefix,
                "--output=" + output,
                commit,
                "--"));
        arguments.addAll(paths);
        return command(root, arguments);
    }

    /** The commit that the outer repository names, or the empty tree if it names none. */
    private String base(Path folder, Changed submodule) throws GitFailure, InterruptedException {
        GitRepository repository = new GitRepository(git, folder, GitRepository.COPY_BRANCHES);
        if (submodule.commit().matches("0+")) {
            return git.run(repository.command("hash-object", "-t", "tree", "/dev/null"))
                    .output()
                    .strip();
        }
        // without that commit, only changes since the submodule's own commit are known
        return repository.has(submodule.commit()) ? submodule.commit() : HEAD;
    }

    private List<Changed> changedSubmodules(Path root, String commit) throws GitFailure, InterruptedException {
        String raw = git.run(command(
                        root,
                        List.of(
                                "diff",
                                "--raw",
                                "-z",
                                "--no-abbrev",
                                "--no-renames",
                                "--submodule=short",
                                commit,
                                "--")))
                .output();
        List<Changed> changed = new ArrayList<>();
        String[] entries = raw.split("\0");
        // ":oldmode newmode oldobject newobject status", path
        for (int i = 0; i + 1 < entries.length; i += 2) {
            String[] words = entries[i].substring(1).split(" ");
            if (words[1].equals(SUBMODULE_MODE)) {
                changed.add(new Changed(entries[i + 1], words[2]));
            }
        }
        return changed;
    }

    private GitCommand command(Path root, List<String> arguments) {
        return GitCommand.in(root, arguments).with(keys).variables(variables);
    }

    private static void move(Path part, Path diff) throws IOException {
        try (InputStream source = Files.newInputStream(part);
                OutputStream end = Files.newOutputStream(diff, StandardOpenOption.APPEND)) {
            source.transferTo(end);
        }
    }

    /** A submodule with the commit that the outer repository names, all zeros where it names none. */
    private record Changed(String path, String commit) {}
}
