// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The files of a working copy that git does not track yet. The user's index is not changed. */
final class AddedFiles {

    private final GitProgram git;
    private final Path root;

    AddedFiles(GitProgram git, Path root) {
        this.git = git;
        this.root = root;
    }

    /** The files that are neither tracked nor ignored, and the script; nested repositories are left out. */
    List<Path> untracked(Path script) throws IOException, InterruptedException {
        Stream<String> all =
                git.names(GitCommand.in(root, "ls-files", "-z", "--others", "--exclude-standard")).stream();
        Stream<String> own = git
                .names(GitCommand.in(
                        root, "--literal-pathspecs", "ls-files", "-z", "--others", "--", script.toString()))
                .stream();
        return Stream.concat(all, own)
                .distinct()
                .filter(name -> !name.endsWith("/"))
                .map(Path::of)
                .filter(file -> Files.exists(root.resolve(file), LinkOption.NOFOLLOW_LINKS))
                .toList();
    }

    /** Creates a copy of the index with the files marked as intent-to-add, so that a diff shows them as new. */
    void note(List<Path> files, Path index) throws IOException, InterruptedException {
        String own = git.run(GitCommand.in(root, "rev-parse", "--git-path", "index"))
                .output()
                .strip();
        if (Files.exists(root.resolve(own))) {
            // by the time of the index git knows which files it must look into, since they may have changed in the same
            // moment
            Files.copy(root.resolve(own), index, StandardCopyOption.COPY_ATTRIBUTES);
        }
        Path list = index.resolveSibling(index.getFileName() + "-list");
        try {
            Files.writeString(list, files.stream().map(Path::toString).collect(Collectors.joining("\0")));
            git.run(GitCommand.in(
                            root,
                            "--literal-pathspecs",
                            "add",
                            "--intent-to-add",
                            "--force",
                            "--pathspec-from-file=" + list,
                            "--pathspec-file-nul")
                    .variables(Map.of("GIT_INDEX_FILE", index.toString())));
        } finally {
            Files.deleteIfExists(list);
        }
    }
}
