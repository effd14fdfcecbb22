// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import ml.clear.agent.api.vcs.Revision;

/** Finds the commit of a revision among the fetched objects. */
final class RevisionLookup {

    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");
    private static final Pattern ABBREVIATED = Pattern.compile("[0-9a-f]{4,63}");

    /** The prefix of references that were fetched on request of a task. */
    static final String ASKED = "refs/asked/";

    private static final int SHOWN_NAMES = 3;
    private static final int SHOWN_DIGITS = 12;

    private final GitRepository repository;

    RevisionLookup(GitRepository repository) {
        this.repository = repository;
    }

    /** The commit, if the revision is a full commit id; then the remote need not be queried. */
    static Optional<String> exact(Revision revision) {
        String commit = revision.commit().strip();
        return COMMIT.matcher(commit).matches() ? Optional.of(commit) : Optional.empty();
    }

    /** The abbreviated commit id, if the revision is one. */
    static Optional<String> abbreviated(Revision revision) {
        String commit = revision.commit().strip();
        return ABBREVIATED.matcher(commit).matches() && exact(revision).isEmpty()
                ? Optional.of(commit)
                : Optional.empty();
    }

    /** Whether the revision means the remote's main branch. */
    static boolean isMain(Revision revision) {
        return revision.commit().isBlank()
                && revision.tag().isBlank()
                && revision.branch().isBlank();
    }

    /** The name to look up, of a branch, tag or commit; empty for the main branch. */
    static String name(Revision revision) {
        return !revision.commit().isBlank()
                ? revision.commit().strip()
                : !revision.tag().isBlank()
                        ? revision.tag().strip()
                        : revision.branch().strip();
    }

    /** A name that was fetched because a task asked for it, below {@link #ASKED}. */
    static String asked(String name) {
        return withoutPrefix(name, "refs/");
    }

    /** The revision as text for messages. */
    static String words(Revision revision) {
        if (!revision.commit().isBlank()) {
            return "commit '" + revision.commit().strip() + "'";
        }
        if (!revision.tag().isBlank()) {
            return "tag '" + revision.tag().strip() + "'";
        }
        return revision.branch().isBlank()
                ? "the main branch"
                : "branch '" + revision.branch().strip() + "'";
    }

    /** The commit, or empty when no fetched object has that name. */
    Optional<String> find(Revision revision) throws GitFailure, InterruptedException {
        String name = name(revision);
        if (name.startsWith("-") || name.indexOf('\0') >= 0) {
            return Optional.empty();
        }
        if (!revision.commit().isBlank()) {
            return commit(name);
        }
        if (!revision.tag().isBlank()) {
            return tag(name);
        }
        return revision.branch().isBlank() ? main() : branchOrTag(name);
    }

    /** The remedy when no commit was found. */
    String advice(Revision revision) throws GitFailure, InterruptedException {
        if (!revision.commit().isBlank()) {
            return nearestBranch(revision) + "push the commit, or run the task with one that the repository has";
        }
        boolean tag = !revision.tag().isBlank();
        List<String> names = repository.names(tag ? GitRepository.TAGS : repository.branches());
        if (names.isEmpty()) {
            return "the repository has no " + (tag ? "tag" : "branch") + " at all";
        }
        String nearest = nearest(names, name(revision)).stream()
                .limit(SHOWN_NAMES)
                .collect(Collectors.joining("', '", "'", "'"));
        return names.size() == 1 ? "the only one is " + nearest : "the nearest of " + names.size() + " are " + nearest;
    }

    private String nearestBranch(Revision revision) throws GitFailure, InterruptedException {
        List<String> names = repository.names(repository.branches());
        if (names.isEmpty()) {
            return "the repository has no branch at all; ";
        }
        String branch = nearest(
                        names,
                        revision.branch().isBlank() ? "main" : revision.branch().strip())
                .getFirst();
        String at = repository.commit(repository.branches() + branch).orElse("");
        return "its branch '" + branch + "' was fetched and is at "
                + at.substring(0, Math.min(SHOWN_DIGITS, at.length())) + "; ";
    }

    private Optional<String> commit(String text) throws GitFailure, InterruptedException {
        if (COMMIT.matcher(text).matches()) {
            return repository.commit(text);
        }
        Optional<String> named = branch(text);
        if (named.isPresent()) {
            return named;
        }
        Optional<String> expression = repository.commit(text);
        return expression.isPresent() ? expression : repository.commit(ASKED + asked(text));
    }

    /** The SDK documents the field as "branch/tag". */
    private Optional<String> branchOrTag(String text) throws GitFailure, InterruptedException {
        Optional<String> branch = branch(text);
        if (branch.isPresent()) {
            return branch;
        }
        Optional<String> tag = tag(text);
        return tag.isPresent() ? tag : repository.commit(ASKED + asked(text));
    }

    private Optional<String> branch(String text) throws GitFailure, InterruptedException {
        String name = withoutPrefix(text, GitRepository.MIRROR_BRANCHES);
        Optional<String> found = repository.commit(repository.branches() + name);
        String other = withoutPrefix(withoutPrefix(text, "refs/remotes/"), "origin/");
        return found.isPresent() || other.equals(name) ? found : repository.commit(repository.branches() + other);
    }

    private Optional<String> tag(String text) throws GitFailure, InterruptedException {
        return repository.commit(GitRepository.TAGS + withoutPrefix(text, GitRepository.TAGS));
    }

    private Optional<String> main() throws GitFailure, InterruptedException {
        String head =
                repository.branches().equals(GitRepository.MIRROR_BRANCHES) ? "HEAD" : repository.branches() + "HEAD";
        for (String name : List.of(head, repository.branches() + "master", repository.branches() + "main")) {
            Optional<String> found = repository.commit(name);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private static String withoutPrefix(String text, String prefix) {
        return text.startsWith(prefix) ? text.substring(prefix.length()) : text;
    }

    private static List<String> nearest(List<String> names, String wanted) {
        return names.stream()
                .sorted(Comparator.comparingInt((String name) -> distance(name, wanted))
                        .thenComparing(Comparator.naturalOrder()))
                .toList();
    }

    /** How many letters have to be changed, added or removed. */
    private static int distance(String left, String right) {
        int[] row = new int[right.length() + 1];
        for (int j = 0; j <= right.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= left.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= right.length(); j++) {
                int above = row[j];
                int change = left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1;
                row[j] = Math.min(Math.min(row[j] + 1, row[j - 1] + 1), diagonal + change);
                diagonal = above;
            }
        }
        return row[right.length()];
    }
}
