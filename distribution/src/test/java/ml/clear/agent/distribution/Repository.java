// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A repository with a project, a working copy of it with uncommitted changes, and what its script prints.
 *
 * @param bare the repository
 * @param workingCopy the working copy, in which {@code training/train.py} uses the module {@code training/steps.py}
 * @param commit what is checked out
 */
record Repository(Path bare, Path workingCopy, String commit) {

    static Repository in(Path folder) throws IOException {
        Path bare = folder.resolve("project.git");
        Path copy = folder.resolve("working copy");
        git(folder, "init", "--quiet", "--bare", "--initial-branch=trunk", bare.toString());
        git(folder, "clone", "--quiet", bare.toString(), copy.toString());
        git(copy, "checkout", "--quiet", "-B", "trunk");
        write(copy.resolve("training/steps.py"), "STEPS = 3\n");
        write(copy.resolve("training/train.py"), """
                import json, os, sys
                import steps
                print("steps", steps.STEPS)
                print("arguments", json.dumps(sys.argv[1:]))
                print("in a repository", os.path.isdir("../.git"), os.path.basename(os.getcwd()))
                """);
        git(copy, "add", ".");
        git(copy, "commit", "--quiet", "--message", "A project");
        git(copy, "push", "--quiet", "origin", "trunk");
        String commit = git(copy, "rev-parse", "HEAD").strip();
        // Not committed.
        write(copy.resolve("training/steps.py"), "STEPS = 4  # to be tried\n");
        return new Repository(bare, copy, commit);
    }

    Path script() {
        return workingCopy.resolve("training/train.py");
    }

    /** Names the place from which other machines get it. */
    void origin(String address) {
        git(workingCopy, "remote", "set-url", "origin", address);
    }

    /** Writes a file and the folders above it. */
    static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    /** Runs git as a user without a configuration of his own; returns what it prints. */
    static String git(Path folder, String... arguments) {
        Shell.Finished finished = Shell.in(folder)
                .with("GIT_CONFIG_GLOBAL", "/dev/null")
                .with("GIT_CONFIG_NOSYSTEM", "1")
                .start(Stream.concat(
                                Stream.of("git", "-c", "user.name=Tester", "-c", "user.email=tester@localhost"),
                                Stream.of(arguments))
                        .toList())
                .finish();
        assertThat(finished.status()).as(List.of(arguments) + finished.err()).isZero();
        return finished.out();
    }
}
