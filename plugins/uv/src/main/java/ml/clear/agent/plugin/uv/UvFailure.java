// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.uv;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.process.CommandResult;
import ml.clear.agent.plugin.pythonsupport.Requirement;

/** Determines the cause of a failure from uv's output. Pure: text in, error out. */
final class UvFailure {

    private static final Pattern NO_SOLUTION = Pattern.compile("(?s)No solution found when resolving .*?:?\\R(.*)");
    private static final Pattern UNREACHABLE = Pattern.compile(
            "(dns error|failed to lookup address|tcp connect error"
                    + "|Connection refused|operation timed out|timed out|Network is unreachable|Connection reset|connection closed)");
    private static final Pattern DISTRUST =
            Pattern.compile("(invalid peer certificate[^\\n]{0,60}|certificate verify failed|UnknownIssuer)");
    private static final Pattern ADDRESS = Pattern.compile("https?://([^/\\s`'\")]+)");
    private static final Pattern OUTDATED =
            Pattern.compile("needs to be updated, but `--(?:locked|frozen|check)` was provided");
    private static final Pattern BUILD =
            Pattern.compile("(Failed to build .+|The build backend returned an error|Call to `[^`]+` failed.*)");
    private static final Pattern ERROR = Pattern.compile("(?m)^(?:error:|\\s*[×x]) *(.+)$");

    /** Marks of a tree of causes, which depend on the version of uv. */
    private static final Pattern TREE = Pattern.compile("(?m)^[\\s│├╰─▶▸·]*(?:cause: )?");

    private static final int LONGEST = 600;

    private UvFailure() {}

    /** Whether {@code uv sync --locked} refused a lock file that does not fit the project. */
    static boolean outdatedLock(CommandResult result) {
        return OUTDATED.matcher(result.errors()).find();
    }

    /** Whether a package build failed, which may succeed after other packages are installed. */
    static boolean building(CommandResult result) {
        return BUILD.matcher(result.errors()).find() && !result.errors().contains("No solution found");
    }

    /**
     * The error.
     *
     * @param what what uv was to install, for messages
     * @param requirements the single requirements, if there are any
     */
    static AgentException of(CommandResult result, String what, List<Requirement> requirements) {
        String text = Requirement.withoutCredentials(result.errors() + "\n" + result.output());
        Matcher solution = NO_SOLUTION.matcher(text);
        if (solution.find()) {
            return unsatisfiable(flat(solution.group(1)), what, requirements);
        }
        Matcher distrust = DISTRUST.matcher(text);
        if (distrust.find()) {
            return new AgentException(
                    ErrorCode.SERVER_UNAVAILABLE,
                    "uv does not trust the certificate of the package index" + host(text)
                            + "; name the bundle of your authority in SSL_CERT_FILE or api.verify_certificate");
        }
        Matcher unreachable = UNREACHABLE.matcher(text);
        if (unreachable.find() && !BUILD.matcher(text).find()) {
            return new AgentException(
                    ErrorCode.SERVER_UNAVAILABLE,
                    "uv cannot reach the package index" + host(text) + ": " + unreachable.group(1)
                            + "; check the network, or set HTTPS_PROXY when the way out is a proxy");
        }
        if (text.contains("No space left on device")) {
            return new AgentException(ErrorCode.FILE_SYSTEM, "the disk is full; uv cannot install " + what);
        }
        if (text.contains("externally managed")) {
            return new AgentException(
                    ErrorCode.REQUIREMENTS_UNSATISFIABLE,
                    "uv does not install into a Python that the distribution manages; set UV_BREAK_SYSTEM_PACKAGES=1 to "
                            + "install all the same, or name the Python of a virtual environment in "
                            + "CLEARML_AGENT_SKIP_PIP_VENV_INSTALL");
        }
        return unsatisfiable(
                reason(text).orElse("uv ended with exit code " + result.exitCode() + "; see its output above"),
                what,
                requirements);
    }

    private static AgentException unsatisfiable(String reason, String what, List<Requirement> requirements) {
        String subject = requirements.stream()
                .filter(one -> !one.name().isEmpty())
                .filter(one -> Pattern.compile("(?<![A-Za-z0-9._-])" + Pattern.quote(one.name()) + "(?![A-Za-z0-9_-])")
                        .matcher(Requirement.normalName(reason))
                        .find())
                .findFirst()
                .map(one -> "'" + Requirement.withoutCredentials(one.text()) + "' of " + one.origin())
                .orElse(what);
        return new AgentException(ErrorCode.REQUIREMENTS_UNSATISFIABLE, "uv cannot install " + subject + ": " + reason);
    }

    /** The error with its causes, which name the package. */
    private static Optional<String> reason(String text) {
        Matcher error = ERROR.matcher(text);
        return error.find() ? Optional.of(flat(text.substring(error.start(1)))) : Optional.empty();
    }

    private static String flat(String tree) {
        String line = TREE.matcher(tree)
                .replaceAll(" ")
                .replaceAll("\\s+", " ")
                .strip()
                .replaceAll("[.]$", "");
        return line.length() > LONGEST ? line.substring(0, LONGEST) + "…" : line;
    }

    private static String host(String text) {
        Matcher address = ADDRESS.matcher(text);
        return address.find() ? " '" + address.group(1) + "'" : "";
    }
}
