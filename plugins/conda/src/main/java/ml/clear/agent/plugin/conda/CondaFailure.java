// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.conda;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.plugin.conda.CondaClient.Attempt;
import ml.clear.agent.plugin.pythonsupport.Requirement;

/** Understands what clients print when they fail. */
final class CondaFailure {

    private static final int LINES = 4;
    private static final int LETTERS = 400;

    private static final Pattern LISTED = Pattern.compile(
            "(?:PackagesNotFound\\w*|ResolvePackageNotFound|not available from current channels)[^\\n]*\\n"
                    + "((?:\\s*\\n|\\s+- [^\\n]+\\n?)+)");
    private static final Pattern ITEM = Pattern.compile("\\s+- (?:\\S+::)?([A-Za-z0-9_.-]+)[^\\n]*");
    private static final Pattern REQUESTED = Pattern.compile("nothing provides requested (?:\\S+::)?([A-Za-z0-9_.-]+)");
    private static final Pattern ABSENT = Pattern.compile(
            "(?m)^[^A-Za-z0-9\\n]*(?:\\S+::)?([A-Za-z0-9_.-]+)[^\\n,]* does not exist \\(perhaps a typo or a missing channel\\)");
    private static final Pattern UNREACHABLE = Pattern.compile(
            "(CondaHTTPError[^\\n]*|CondaSSLError[^\\n]*|ConnectionFailed[^\\n]*|Could(?:n't| not) resolve host[^\\n]*"
                    + "|Multi-download failed[^\\n]*|Download error[^\\n]*|SSL peer certificate[^\\n]*)");
    private static final Pattern UNSOLVED =
            Pattern.compile("(?s)(?:LibMambaUnsatisfiableError|UnsatisfiableError|Could not solve for environment specs"
                    + "|Encountered problems while solving|Found conflicts)[^\\n]*\\n?(.*)");
    private static final Pattern HOST = Pattern.compile("[a-z]+://([^/\\s)>]+)");
    private static final Pattern TREE = Pattern.compile("^[\\s│├└─╭╰|*-]+");

    private CondaFailure() {}

    /**
     * What the failure of a client means.
     *
     * @param program the client, for messages
     * @param text all that it printed
     * @throws AgentException when the failure is not about packages
     */
    static Attempt of(String program, int exitCode, String text) {
        Set<String> missing = missing(text);
        if (!missing.isEmpty()) {
            return new Attempt.Missing(missing);
        }
        Matcher unsolved = UNSOLVED.matcher(text);
        if (unsolved.find()) {
            return new Attempt.Unsatisfiable(unsolved.group(1).strip());
        }
        Matcher unreachable = UNREACHABLE.matcher(text);
        if (unreachable.find()) {
            throw unreachable(text.substring(unreachable.start()));
        }
        throw new AgentException(
                ErrorCode.REQUIREMENTS_UNSATISFIABLE,
                program + " ended with exit code " + exitCode + ": " + last(text));
    }

    private static Set<String> missing(String text) {
        Set<String> names = new HashSet<>();
        LISTED.matcher(text)
                .results()
                .flatMap(list -> ITEM.matcher(list.group(1)).results())
                .map(CondaFailure::name)
                .forEach(names::add);
        REQUESTED.matcher(text).results().map(CondaFailure::name).forEach(names::add);
        ABSENT.matcher(text).results().map(CondaFailure::name).forEach(names::add);
        return names;
    }

    private static String name(MatchResult found) {
        return found.group(1).toLowerCase(Locale.ROOT).replaceAll("[=<>!~].*", "");
    }

    /** The error for a channel that cannot be read. */
    static AgentException unreachable(String reason) {
        Matcher host = HOST.matcher(Requirement.withoutCredentials(reason));
        return new AgentException(
                ErrorCode.SERVER_UNAVAILABLE,
                "cannot reach a channel" + (host.find() ? " at '" + host.group(1) + "'" : "") + ": " + shortened(reason)
                        + "; check agent.package_manager.conda_channels and the network");
    }

    /** The error for packages that exclude each other. */
    static AgentException unsatisfiable(String reason) {
        return new AgentException(
                ErrorCode.REQUIREMENTS_UNSATISFIABLE,
                "the packages exclude each other: " + shortened(reason)
                        + "; the console has the whole reason. Loosen a version, or use another package manager");
    }

    /** The first lines of a reason as one line, without the branches of its tree. */
    static String shortened(String reason) {
        List<String> lines = Requirement.withoutCredentials(reason)
                .lines()
                .map(line -> TREE.matcher(line).replaceFirst("").strip())
                .filter(line -> !line.isEmpty())
                .toList();
        String text = lines.stream().limit(LINES).collect(Collectors.joining("; "));
        boolean cut = lines.size() > LINES || text.length() > LETTERS;
        return text.substring(0, Math.min(text.length(), LETTERS)) + (cut ? " …" : "");
    }

    /** The last line that says something. */
    static String last(String text) {
        return shortened(text.lines()
                .filter(line -> !line.isBlank())
                .reduce((first, second) -> second)
                .orElse("nothing was printed"));
    }
}
