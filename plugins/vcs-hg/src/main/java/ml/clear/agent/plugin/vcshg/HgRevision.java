// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcshg;

import ml.clear.agent.api.vcs.Revision;

/**
 * A revision of a task as an hg revision set.
 *
 * @param expression the revision set; the task's text in it is quoted, so that it cannot act as an operator
 * @param words the revision for messages
 * @param fixed whether it always means the same commit, so that a cached one needs no request to the server
 */
record HgRevision(String expression, String words, boolean fixed) {

    static HgRevision of(Revision revision) {
        if (!revision.commit().isBlank()) {
            // "hg identify" appends a plus when there are changes
            String commit = revision.commit().strip().replaceFirst("\\+$", "");
            return new HgRevision("id(" + quoted(commit) + ")", "commit '" + commit + "'", commit.length() == 40);
        }
        if (!revision.tag().isBlank()) {
            return new HgRevision(tag(revision.tag()), "tag '" + revision.tag() + "'", false);
        }
        if (!revision.branch().isBlank()) {
            // a name may be any of these; hg itself looks in the same order
            String name = revision.branch();
            return new HgRevision(first(tag(name), bookmark(name), branch(name)), "branch '" + name + "'", false);
        }
        return new HgRevision(first(bookmark("@"), branch("default"), "tip"), "main branch", false);
    }

    private static String first(String... sets) {
        return "first(" + String.join(" or ", sets) + ")";
    }

    private static String tag(String name) {
        return "present(tag(" + literal(name) + "))";
    }

    private static String bookmark(String name) {
        return "present(bookmark(" + literal(name) + "))";
    }

    /** Its newest open head; the newest of all heads if it is closed. */
    private static String branch(String name) {
        String all = "present(branch(" + literal(name) + "))";
        return "last(head() and " + all + " and not closed()) or last(" + all + ")";
    }

    private static String literal(String name) {
        return quoted("literal:" + name);
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
