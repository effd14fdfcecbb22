// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import ml.clear.agent.api.process.CommandResult;

/**
 * Looks up objects and names in a repository on this machine.
 *
 * @param git the program
 * @param folder a bare repository or a working copy
 * @param branches what the names of its fetched branches begin with: {@code refs/heads/} in a mirror
 */
record GitRepository(GitProgram git, Path folder, String branches) {

    static final String TAGS = "refs/tags/";
    static final String MIRROR_BRANCHES = "refs/heads/";
    static final String COPY_BRANCHES = "refs/remotes/origin/";

    /** Whether it has a commit, and can read it. */
    boolean has(String commit) throws GitFailure, InterruptedException {
        return parsed(commit).isPresent();
    }

    /**
     * The full id of the commit that a git revision expression resolves to. The tip of a branch of a mirror is read from its
     * files; whether the object is there shows when it is checked out.
     *
     * @throws GitFailure when the repository is damaged
     */
    Optional<String> commit(String expression) throws GitFailure, InterruptedException {
        Optional<String> tip = branches.equals(MIRROR_BRANCHES) ? tip(expression) : Optional.empty();
        return tip.isPresent() ? tip : parsed(expression);
    }

    private Optional<String> tip(String expression) {
        try {
            return References.of(folder).commit(expression);
        } catch (IOException e) {
            return Optional.empty(); // git reports what is wrong with the files
        }
    }

    private Optional<String> parsed(String expression) throws GitFailure, InterruptedException {
        GitCommand command = command("rev-parse", "--verify", "--quiet", expression + "^{commit}");
        CommandResult result = git.attempt(command);
        if (!result.succeeded() && !result.errors().isBlank()) {
            GitFailure failure = new GitFailure(command, result);
            if (failure.isDamage()) {
                throw failure;
            }
        }
        String commit = result.output().strip();
        return result.succeeded() && !commit.isEmpty() ? Optional.of(commit) : Optional.empty();
    }

    /** The short names of the references whose full names begin with a prefix. */
    List<String> names(String prefix) throws GitFailure, InterruptedException {
        return git.run(command("for-each-ref", "--format=%(refname)", prefix))
                .output()
                .lines()
                .map(name -> name.substring(prefix.length()))
                .filter(name -> !name.equals("HEAD"))
                .toList();
    }

    GitCommand command(String... arguments) {
        return GitCommand.in(folder, arguments);
    }
}
