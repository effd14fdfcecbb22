// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Moves submodules to the commits that a diff names, if their history contains them; {@code git apply} does not. */
final class SubmoduleMoves {

    private final GitProgram git;
    private final Path root;
    private final Map<String, String> commits;

    /**
     * Moves of submodules.
     *
     * @param commits the commits by the paths of the submodules
     */
    SubmoduleMoves(GitProgram git, Path root, Map<String, String> commits) {
        this.git = git;
        this.root = root;
        this.commits = commits;
    }

    /** Fails when a move is impossible, before anything is changed. */
    void check() throws GitFailure, InterruptedException {
        for (Map.Entry<String, String> move : commits.entrySet()) {
            Path folder = folder(move.getKey());
            if (!folder.startsWith(root) || !Files.exists(folder.resolve(".git"))) {
                throw DiffFailure.refused(
                        "submodule '" + move.getKey() + "' is not part of this commit; commit and push it");
            }
            if (!new GitRepository(git, folder, GitRepository.COPY_BRANCHES).has(move.getValue())) {
                throw DiffFailure.refused("submodule '" + move.getKey() + "' has no commit '" + move.getValue()
                        + "'; push it to the submodule's repository");
            }
        }
    }

    void move() throws GitFailure, InterruptedException {
        for (Map.Entry<String, String> move : commits.entrySet()) {
            git.run(GitCommand.in(
                    folder(move.getKey()), "checkout", "--quiet", "--force", "--detach", move.getValue()));
        }
    }

    private Path folder(String path) {
        return root.resolve(path).normalize();
    }
}
