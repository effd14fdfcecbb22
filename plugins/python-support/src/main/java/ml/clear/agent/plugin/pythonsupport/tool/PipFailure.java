// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pythonsupport.tool;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.process.CommandResult;
import ml.clear.agent.plugin.pythonsupport.Requirement;

/** Determines the cause of a failure from pip's output. Pure: text in, error out. */
public final class PipFailure {

    private static final Pattern NO_MATCH = Pattern.compile("No matching distribution found for (.+)");
    private static final Pattern VERSIONS =
            Pattern.compile("Could not find a version that satisfies the requirement (.+?) \\(from versions: (.*)\\)");
    private static final Pattern INVALID = Pattern.compile("Invalid requirement: (.+)");
    private static final Pattern CONFLICT = Pattern.compile("Cannot install (.+) because these package versions.*");
    private static final Pattern HASHES =
            Pattern.compile("(THESE PACKAGES DO NOT MATCH THE HASHES.*|Hashes are required.*"
                    + "|In --require-hashes mode, all requirements must.*)");
    private static final Pattern BUILD = Pattern.compile(
            "(Failed building wheel for .+|Failed to build .+|metadata-generation-failed|subprocess-exited-with-error"
                    + "|Command errored out with exit status.*|Could not build wheels for .+)");
    private static final Pattern UNREACHABLE = Pattern.compile(
            "(Temporary failure in name resolution|Name or service not known|nodename nor servname|NewConnectionError"
                    + "|ConnectTimeoutError|ReadTimeoutError|Connection refused|ProxyError|Network is unreachable"
                    + "|Connection reset by peer|Read timed out|ConnectionError|getaddrinfo failed|Connection aborted)");
    private static final Pattern DISTRUST =
            Pattern.compile("(CERTIFICATE_VERIFY_FAILED|SSLError|certificate verify failed)");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?");
    private static final Pattern ERROR = Pattern.compile("(?i)error: (.+)");

    private PipFailure() {}

    /** Whether a package build failed, which may succeed after other packages are installed. */
    public static boolean building(CommandResult result) {
        String text = result.output() + "\n" + result.errors();
        return BUILD.matcher(text).find() && !NO_MATCH.matcher(text).find();
    }

    /** The error when pip fails to install a package that no requirement of a task names. */
    public static AgentException of(CommandResult result, String what) {
        return explain(result, what, List.of());
    }

    /** The error when pip fails to install requirements. */
    public static AgentException of(CommandResult result, List<Requirement> requirements) {
        return explain(
                result, requirements.size() == 1 ? "'" + shown(requirements.getFirst()) + "'" : "", requirements);
    }

    private static AgentException explain(CommandResult result, String what, List<Requirement> requirements) {
        String text = Requirement.withoutCredentials(result.output() + "\n" + result.errors());
        Matcher versions = VERSIONS.matcher(text);
        boolean sawVersions = versions.find() && !versions.group(2).equals("none");
        if (!sawVersions && DISTRUST.matcher(text).find()) {
            return new AgentException(
                    ErrorCode.SERVER_UNAVAILABLE,
                    "pip does not trust the certificate of the package index" + hosts(text)
                            + "; name the bundle of your authority in SSL_CERT_FILE or api.verify_certificate");
        }
        Matcher unreachable = UNREACHABLE.matcher(text);
        if (!sawVersions && unreachable.find()) {
            return new AgentException(
                    ErrorCode.SERVER_UNAVAILABLE,
                    "pip cannot reach the package index" + hosts(text) + ": " + unreachable.group(1)
                            + "; check the network, or set HTTPS_PROXY when the way out is a proxy");
        }
        if (text.contains("No space left on device")) {
            return new AgentException(
                    ErrorCode.FILE_SYSTEM, "the disk is full; pip cannot install " + (what.isEmpty() ? "" : what));
        }
        if (text.contains("externally-managed-environment")) {
            return new AgentException(
                    ErrorCode.REQUIREMENTS_UNSATISFIABLE,
                    "pip does not install into a Python that the distribution manages; set PIP_BREAK_SYSTEM_PACKAGES=1 "
                            + "to install all the same, or name the Python of a virtual environment in "
                            + "CLEARML_AGENT_SKIP_PIP_VENV_INSTALL");
        }
        String reason = reason(text).orElse("pip ended with exit code " + result.exitCode() + "; see its output above");
        Optional<Requirement> guilty = guilty(reason, requirements);
        String subject = guilty.map(one -> "'" + shown(one) + "' of " + one.origin())
                .orElse(what.isEmpty() ? "the requirements" : what);
        return new AgentException(
                ErrorCode.REQUIREMENTS_UNSATISFIABLE, "pip cannot install " + subject + ": " + reason.strip());
    }

    private static Optional<String> reason(String text) {
        Optional<String> none = last(NO_MATCH, text);
        if (none.isPresent()) {
            return Optional.of("No matching distribution found for " + none.get() + versions(text));
        }
        return Stream.of(CONFLICT, INVALID, HASHES)
                .map(pattern -> whole(pattern, text))
                .flatMap(Optional::stream)
                .findFirst()
                .or(() -> building(text))
                .or(() -> last(ERROR, text));
    }

    private static Optional<String> building(String text) {
        Matcher build = Pattern.compile(
                        "(Failed building wheel for .+|Could not build wheels for .+|Failed to build .+)")
                .matcher(text);
        if (build.find()) {
            return Optional.of(build.group(1));
        }
        return BUILD.matcher(text).find() ? Optional.of("its build fails, see the output above") : Optional.empty();
    }

    private static String versions(String text) {
        Matcher versions = VERSIONS.matcher(text);
        if (!versions.find() || versions.group(2).equals("none")) {
            return "";
        }
        String[] known = versions.group(2).split(",\\s*", -1);
        int from = Math.max(0, known.length - 5);
        return " (there are " + (from > 0 ? "…, " : "")
                + String.join(", ", List.of(known).subList(from, known.length)) + ")";
    }

    private static Optional<String> whole(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? Optional.of(matcher.group()) : Optional.empty();
    }

    private static Optional<String> last(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map(result -> result.group(1).strip())
                .reduce((first, second) -> second);
    }

    /** The requirement that pip's message refers to. */
    private static Optional<Requirement> guilty(String reason, List<Requirement> requirements) {
        List<String> names = NAME.matcher(reason)
                .results()
                .map(word -> Requirement.normalName(word.group()))
                .toList();
        return requirements.stream()
                .filter(requirement -> (!requirement.name().isEmpty() && names.contains(requirement.name()))
                        || reason.contains(requirement.text()))
                .findFirst();
    }

    private static String hosts(String text) {
        Matcher host = Pattern.compile("host='([^']+)'").matcher(text);
        return host.find() ? " at '" + host.group(1) + "'" : "";
    }

    private static String shown(Requirement requirement) {
        return Requirement.withoutCredentials(requirement.text());
    }
}
