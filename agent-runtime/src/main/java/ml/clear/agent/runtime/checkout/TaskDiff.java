// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.checkout;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import ml.clear.agent.api.task.Script;

/** The text that a task has for its uncommitted changes: a diff, or a whole script. */
final class TaskDiff {

    private static final Pattern COLOUR = Pattern.compile("\u001b\\[[0-9;]*[mK]");

    /** How the programs begin that write diffs: git diff, diff, git show and format-patch, svn, hg export. */
    private static final Pattern START = Pattern.compile("diff |Submodule .* (contains|[0-9a-f]{7,})|--- \\S|Index: \\S"
            + "|commit [0-9a-f]{40}|From [0-9a-f]{40} |# HG changeset patch");

    private TaskDiff() {}

    /** Whether the text is a diff, in colours perhaps. */
    static boolean isDiff(Script script) {
        return START.matcher(plainStart(script.diff())).lookingAt();
    }

    /** Write the text into a new file beside a working copy. */
    static Path write(Script script, Path folder) throws IOException {
        Path file = Files.createTempFile(folder, "uncommitted-", ".diff");
        Files.writeString(file, script.diff());
        return file;
    }

    private static String plainStart(String text) {
        String start = text.stripLeading();
        String line = start.lines().findFirst().orElse("");
        return COLOUR.matcher(line).replaceAll("").stripLeading();
    }
}
