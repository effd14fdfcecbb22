// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import ml.clear.agent.api.vcs.Revision;
import org.eclipse.jgit.errors.AmbiguousObjectException;
import org.eclipse.jgit.errors.IncorrectObjectTypeException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.errors.RevisionSyntaxException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.jspecify.annotations.Nullable;

/** Finds the commit that a revision means, in a mirror. */
final class RevisionLookup {

    private final Repository mirror;

    RevisionLookup(Repository mirror) {
        this.mirror = mirror;
    }

    /** The commit, when the revision names one by its full identity; such a one needs no look at the other side. */
    static Optional<ObjectId> exact(Revision revision) {
        String commit = revision.commit().strip();
        return ObjectId.isId(commit) ? Optional.of(ObjectId.fromString(commit)) : Optional.empty();
    }

    /** The revision in words, for messages. */
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

    /** The commit, or empty when the mirror has none of that name. */
    Optional<ObjectId> find(Revision revision) throws IOException {
        if (!revision.commit().isBlank()) {
            return commit(revision.commit().strip());
        }
        if (!revision.tag().isBlank()) {
            String tag = withoutPrefix(revision.tag().strip(), Constants.R_TAGS);
            return peeled(mirror.exactRef(Constants.R_TAGS + tag));
        }
        if (!revision.branch().isBlank()) {
            return branch(revision.branch().strip());
        }
        return main();
    }

    /** What to do when nothing was found. */
    String advice(Revision revision) throws IOException {
        if (!revision.commit().isBlank()) {
            return "push the commit, or run the task with one that the repository has";
        }
        boolean tag = !revision.tag().isBlank();
        String wanted = tag ? revision.tag().strip() : revision.branch().strip();
        List<String> names =
                mirror.getRefDatabase().getRefsByPrefix(tag ? Constants.R_TAGS : Constants.R_HEADS).stream()
                        .map(ref -> Repository.shortenRefName(ref.getName()))
                        .toList();
        if (names.isEmpty()) {
            return "the repository has no " + (tag ? "tag" : "branch") + " at all";
        }
        String nearest = names.stream()
                .sorted(Comparator.comparingInt((String name) -> distance(name, wanted))
                        .thenComparing(Comparator.naturalOrder()))
                .limit(3)
                .collect(Collectors.joining("', '", "'", "'"));
        return names.size() == 1 ? "the only one is " + nearest : "the nearest of " + names.size() + " are " + nearest;
    }

    private Optional<ObjectId> commit(String text) throws IOException {
        if (ObjectId.isId(text)) {
            ObjectId id = ObjectId.fromString(text);
            return mirror.getObjectDatabase().has(id) ? asCommit(id) : Optional.empty();
        }
        Optional<ObjectId> named = branch(text);
        if (named.isPresent()) {
            return named;
        }
        try {
            ObjectId id = mirror.resolve(text + "^{commit}");
            return Optional.ofNullable(id);
        } catch (RevisionSyntaxException
                | AmbiguousObjectException
                | IncorrectObjectTypeException
                | MissingObjectException e) {
            return Optional.empty();
        }
    }

    private Optional<ObjectId> branch(String text) throws IOException {
        for (String name : List.of(
                withoutPrefix(text, Constants.R_HEADS),
                withoutPrefix(withoutPrefix(text, Constants.R_REMOTES), "origin/"))) {
            Optional<ObjectId> found = peeled(mirror.exactRef(Constants.R_HEADS + name));
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private Optional<ObjectId> main() throws IOException {
        for (String name : List.of(Constants.HEAD, "refs/heads/master", "refs/heads/main")) {
            Optional<ObjectId> found = peeled(mirror.exactRef(name));
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private Optional<ObjectId> peeled(@Nullable Ref ref) throws IOException {
        if (ref == null || ref.getObjectId() == null) {
            return Optional.empty();
        }
        return asCommit(ref.getObjectId());
    }

    private Optional<ObjectId> asCommit(ObjectId id) throws IOException {
        try (RevWalk walk = new RevWalk(mirror)) {
            RevCommit commit = walk.parseCommit(id);
            return Optional.of(commit.copy());
        } catch (IncorrectObjectTypeException e) {
            return Optional.empty();
        }
    }

    private static String withoutPrefix(String text, String prefix) {
        return text.startsWith(prefix) ? text.substring(prefix.length()) : text;
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
