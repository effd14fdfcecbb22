// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.checkout;

import java.nio.file.Path;
import java.util.Objects;

/**
 * The code of a task, ready to start.
 *
 * @param root the top folder: of the repository, or the folder that holds the script alone
 * @param scriptFolder where the process starts; at or below the root
 * @param entryPoint what to start, with arguments; see {@link StartCommand}
 * @param language how it is started
 * @param repository the address without password, empty where there is no repository
 * @param commit the commit, empty where there is no repository
 */
public record PreparedCode(
        Path root, Path scriptFolder, String entryPoint, Language language, String repository, String commit) {

    /** Checks for absence. */
    public PreparedCode {
        Objects.requireNonNull(root);
        Objects.requireNonNull(scriptFolder);
        Objects.requireNonNull(entryPoint);
        Objects.requireNonNull(language);
        Objects.requireNonNull(repository);
        Objects.requireNonNull(commit);
    }

    /** What it is, in a few words. */
    public String summary() {
        return isRepository() ? "commit " + commit.substring(0, Math.min(8, commit.length())) : "";
    }

    /** Whether it is a checkout. */
    public boolean isRepository() {
        return !repository.isEmpty();
    }
}
