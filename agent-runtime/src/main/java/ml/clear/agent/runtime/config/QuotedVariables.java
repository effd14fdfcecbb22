// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Replaces {@code ${NAME}} in quoted texts by the variable, when it is set; existing files rely on it. */
final class QuotedVariables {

    // Names with dots are the agent's own place holders, such as those of extra_docker_arguments, and stay.
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{\\??([A-Za-z_][A-Za-z0-9_]*)\\}");

    private final Map<String, String> environment;
    private final Consumer<Problem> problems;

    QuotedVariables(Map<String, String> environment, Consumer<Problem> problems) {
        this.environment = environment;
        this.problems = problems;
    }

    /** The text with the variables that are set; the others stay as written, with a warning. */
    String expand(String text, Origin origin) {
        if (!text.contains("${")) {
            return text;
        }
        Matcher reference = REFERENCE.matcher(text);
        StringBuilder expanded = new StringBuilder();
        while (reference.find()) {
            String value = environment.get(reference.group(1));
            if (value == null) {
                problems.accept(Problem.warning(
                        origin,
                        "'" + reference.group() + "' stays as written, since no variable '" + reference.group(1)
                                + "' is set; triple quotes keep it without this warning"));
                value = reference.group();
            }
            reference.appendReplacement(expanded, Matcher.quoteReplacement(value));
        }
        return reference.appendTail(expanded).toString();
    }
}
