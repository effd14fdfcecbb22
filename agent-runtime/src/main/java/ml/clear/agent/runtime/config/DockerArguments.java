// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ml.clear.agent.api.secret.Secret;

/** Finds the secrets in arguments for docker: values of variables, as in {@code -e NAME=VALUE} or {@code --env=NAME=VALUE}. */
final class DockerArguments {

    private static final Pattern OPTION = Pattern.compile("-e|--env");
    private static final String NAME = "([A-Za-z_][A-Za-z0-9_]*)=";
    private static final Pattern ASSIGNMENT = Pattern.compile(NAME + "(.*)", Pattern.DOTALL);
    private static final Pattern OPTION_AND_ASSIGNMENT =
            Pattern.compile("(?<![^\\s\"'])(?:-e|--env)[=\\s]?\\s*" + NAME + "(\"[^\"]*\"|'[^']*'|\\S+)");

    private static final Set<String> KNOWN = Set.of(
            "CLEARML_AGENT_GIT_PASS",
            "TRAINS_AGENT_GIT_PASS",
            "CLEARML_API_SECRET_KEY",
            "TRAINS_API_SECRET_KEY",
            "CLEARML_AUTH_TOKEN",
            "AWS_SECRET_ACCESS_KEY",
            "AWS_SESSION_TOKEN",
            "AZURE_STORAGE_KEY");

    private final List<String> more;

    /** Arguments in which these variables are secret beside the known ones. */
    DockerArguments(List<String> more) {
        this.more = List.copyOf(more);
    }

    /** The words with every value hidden whose variable is known to be secret or has the name of a secret. */
    List<String> mask(List<String> words) {
        List<String> masked = new ArrayList<>();
        boolean option = false;
        for (String word : words) {
            Matcher assignment = ASSIGNMENT.matcher(word);
            masked.add(
                    option && assignment.matches()
                            ? hidden(assignment.toMatchResult(), word)
                            : OPTION_AND_ASSIGNMENT
                                    .matcher(word)
                                    .replaceAll(match -> quoted(hidden(match, match.group()))));
            option = OPTION.matcher(word.strip()).matches();
        }
        return masked;
    }

    /** Report the values of variables that are known to be secret; names alone are too weak a reason to hide a text everywhere. */
    void secrets(List<String> words, Consumer<Secret> found) {
        boolean option = false;
        for (String word : words) {
            Matcher assignment = ASSIGNMENT.matcher(word);
            if (option && assignment.matches()) {
                report(assignment.toMatchResult(), found);
            } else {
                OPTION_AND_ASSIGNMENT.matcher(word).results().forEach(match -> report(match, found));
            }
            option = OPTION.matcher(word.strip()).matches();
        }
    }

    private void report(MatchResult match, Consumer<Secret> found) {
        String value = match.group(2).replaceAll("^([\"'])(.*)\\1$", "$2");
        if (isKnown(match.group(1)) && !value.isEmpty()) {
            found.accept(Secret.of(value));
        }
    }

    /** The option and the name stay. */
    private String hidden(MatchResult match, String text) {
        boolean secret = isKnown(match.group(1)) || Masking.looksSecret(match.group(1));
        return secret && !match.group(2).isEmpty()
                ? text.substring(0, text.length() - match.group(2).length()) + Secret.MASK
                : text;
    }

    private boolean isKnown(String name) {
        return KNOWN.contains(name) || more.contains(name);
    }

    private static String quoted(String text) {
        return Matcher.quoteReplacement(text);
    }
}
