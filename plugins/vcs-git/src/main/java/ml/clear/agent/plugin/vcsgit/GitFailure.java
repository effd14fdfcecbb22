// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import ml.clear.agent.api.process.CommandResult;

/** git ended with an error. The message is what git wrote, without progress and without any password. */
final class GitFailure extends IOException {

    private static final long serialVersionUID = 1;
    private static final Pattern USER_INFO = Pattern.compile("(?<=://)[^/@\\s]*@");
    private static final Pattern PROGRESS = Pattern.compile("(remote: )?[A-Z][a-z]+ing [a-z ]+: .*|Cloning into .*");
    private static final int LINES = 12;

    private static final List<String> DAMAGE = List.of(
            "is corrupt",
            "is empty",
            "bad object",
            "missing blob",
            "missing tree",
            "missing commit",
            "unable to read tree",
            "unable to read sha1 file",
            "unable to read",
            "could not read ",
            "cannot read existing object",
            "did not receive expected object",
            "has bad object",
            "packfile",
            "pack has",
            "inflate:",
            "unable to unpack",
            "failed to read object",
            "missing necessary objects",
            "does not point to a valid object",
            "not a git repository",
            "does not appear to be a git repository",
            "index file corrupt");

    GitFailure(GitCommand command, CommandResult result) {
        super(words(command, result));
    }

    /** What git wrote, in lower case, for looking up what it means. */
    String lowerCase() {
        return String.valueOf(getMessage()).toLowerCase(Locale.ROOT);
    }

    /** Whether the objects of a repository on this machine cannot be read. */
    boolean isDamage() {
        String words = lowerCase();
        return DAMAGE.stream().anyMatch(words::contains);
    }

    private static String words(GitCommand command, CommandResult result) {
        List<String> lines = result.errors()
                .lines()
                .flatMap(line -> line.replace('\r', '\n').lines())
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !PROGRESS.matcher(line).matches())
                .toList();
        String words = lines.stream().skip(Math.max(0, lines.size() - LINES)).collect(Collectors.joining("; "));
        String shown = words.isEmpty() ? command.name() + " ended with exit code " + result.exitCode() : words;
        return USER_INFO.matcher(shown).replaceAll("");
    }
}
