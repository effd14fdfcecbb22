// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.poetry;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.process.CommandResult;
import ml.clear.agent.plugin.pythonsupport.Requirement;

/** Determines the cause of a failure from poetry's output. Pure: text in, error out. */
final class PoetryFailure {

    private static final Pattern OUTDATED = Pattern.compile(
            "(pyproject\\.toml changed significantly since poetry\\.lock was last generated|poetry\\.lock is not up to date)");
    private static final Pattern REFUSED =
            Pattern.compile("Source \\(([^)]+)\\): Authorization error accessing (\\S+)");
    private static final Pattern SOLVING =
            Pattern.compile("(?s)(Because .*?(?:version solving failed|So, because .*?failed)\\.)");
    private static final Pattern PYTHON =
            Pattern.compile("Current Python version \\(([^)]+)\\) is not allowed by the project \\(([^)]+)\\)");
    private static final Pattern UNREACHABLE = Pattern.compile(
            "(All attempts to connect to \\S+ failed|NameResolutionError|NewConnectionError|ConnectTimeoutError|ReadTimeoutError"
                    + "|Connection refused|Max retries exceeded|Network is unreachable)");
    private static final Pattern DISTRUST = Pattern.compile("(CERTIFICATE_VERIFY_FAILED|certificate verify failed)");
    private static final Pattern INVALID =
            Pattern.compile("(?s)The Poetry configuration is invalid:\\s*(.+?)\\n\\s*\\n");
    private static final Pattern DOWNLOAD =
            Pattern.compile("(?m)^\\s*(Unable to find installation candidates for .+)$");
    private static final int LONGEST = 600;

    private PoetryFailure() {}

    /** The error. */
    static AgentException of(CommandResult result) {
        String text = Requirement.withoutCredentials(result.output() + "\n" + result.errors() + "\n\n");
        if (OUTDATED.matcher(text).find()) {
            return new AgentException(
                    ErrorCode.REQUIREMENTS_UNSATISFIABLE,
                    "poetry.lock does not fit pyproject.toml; run 'poetry lock' and commit the result");
        }
        Matcher refused = REFUSED.matcher(text);
        if (refused.find()) {
            String variable = "POETRY_HTTP_BASIC_"
                    + refused.group(1).replaceAll("[-.]", "_").toUpperCase(Locale.ROOT);
            return new AgentException(
                    ErrorCode.REQUIREMENTS_UNSATISFIABLE,
                    "the package source '" + refused.group(1) + "' refuses access to '" + refused.group(2) + "'; set "
                            + variable + "_USERNAME and " + variable + "_PASSWORD in the agent's environment");
        }
        Matcher python = PYTHON.matcher(text);
        if (python.find()) {
            return new AgentException(
                    ErrorCode.REQUIREMENTS_UNSATISFIABLE,
                    "the project requires Python " + python.group(2) + ", but the task runs with " + python.group(1)
                            + "; install such a Python and name it in the task or in agent.python_binary");
        }
        if (DISTRUST.matcher(text).find()) {
            return new AgentException(
                    ErrorCode.SERVER_UNAVAILABLE,
                    "poetry does not trust the certificate of the package index; name the bundle of your authority in "
                            + "SSL_CERT_FILE or api.verify_certificate");
        }
        Matcher unreachable = UNREACHABLE.matcher(text);
        if (unreachable.find()) {
            return new AgentException(
                    ErrorCode.SERVER_UNAVAILABLE,
                    "poetry cannot reach the package index: " + unreachable.group(1)
                            + "; check the network, or set HTTPS_PROXY when the way out is a proxy");
        }
        if (text.contains("No space left on device")) {
            return new AgentException(ErrorCode.FILE_SYSTEM, "the disk is full; poetry cannot install the project");
        }
        String reason = first(SOLVING, text)
                .or(() -> first(INVALID, text))
                .or(() -> first(DOWNLOAD, text))
                .orElseGet(() -> lastLine(text, result.exitCode()));
        return new AgentException(ErrorCode.REQUIREMENTS_UNSATISFIABLE, "poetry cannot install the project: " + reason);
    }

    private static Optional<String> first(Pattern pattern, String text) {
        Matcher found = pattern.matcher(text);
        return found.find() ? Optional.of(flat(found.group(1))) : Optional.empty();
    }

    private static String lastLine(String text, int exitCode) {
        return text.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .reduce((before, line) -> line)
                .map(PoetryFailure::flat)
                .orElse("poetry ended with exit code " + exitCode);
    }

    private static String flat(String text) {
        String line = text.replaceAll("\\s+", " ").strip().replaceAll("[.]$", "");
        return line.length() > LONGEST ? line.substring(0, LONGEST) + "…" : line;
    }
}
