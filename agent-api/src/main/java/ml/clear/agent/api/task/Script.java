// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.task;

import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import ml.clear.agent.api.Stability;

/**
 * What a task runs. An empty text means that the task does not say.
 *
 * @param binary the interpreter asked for, such as {@code python3.11} or {@code bash}
 * @param repository the address of the repository
 * @param branch the branch
 * @param tag the tag
 * @param commit the commit ({@code version_num} on the server)
 * @param workingDirectory the folder, relative to the root of the repository
 * @param entryPoint the script relative to the folder, or {@code -m module}, with arguments
 * @param diff uncommitted changes, or a whole script (see {@link #isLiteral()})
 * @param requirements the packages
 */
@Stability.Incubating(since = "0.1")
public record Script(
        String binary,
        String repository,
        String branch,
        String tag,
        String commit,
        String workingDirectory,
        String entryPoint,
        String diff,
        Requirements requirements) {

    /** A script of which nothing is known. */
    public static final Script NONE = new Script("", "", "", "", "", "", "", "", Requirements.NONE);

    private static final Pattern SUBMODULE_DIFF = Pattern.compile("submodule .*\\R\\s*diff .*", Pattern.DOTALL);

    /** Checks for absence. */
    public Script {
        Objects.requireNonNull(binary);
        Objects.requireNonNull(repository);
        Objects.requireNonNull(branch);
        Objects.requireNonNull(tag);
        Objects.requireNonNull(commit);
        Objects.requireNonNull(workingDirectory);
        Objects.requireNonNull(entryPoint);
        Objects.requireNonNull(diff);
        Objects.requireNonNull(requirements);
    }

    /** Whether there is a repository to check out. */
    public boolean hasRepository() {
        return !repository.isBlank();
    }

    /** Whether {@code diff} holds the whole script itself rather than changes to a repository. */
    public boolean isLiteral() {
        if (diff.isBlank()) {
            return false;
        }
        String start = diff.stripLeading().toLowerCase(Locale.ROOT);
        return !start.startsWith("diff ") && !SUBMODULE_DIFF.matcher(start).lookingAt();
    }
}
