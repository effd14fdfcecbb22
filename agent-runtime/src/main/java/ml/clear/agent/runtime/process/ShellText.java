// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.process;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Texts in which a user may write {@code ~} and {@code $NAME}. */
public final class ShellText {

    private static final Pattern VARIABLE =
            Pattern.compile("\\$(?:([A-Za-z_][A-Za-z0-9_]*)|\\{([A-Za-z_][A-Za-z0-9_]*)})");

    private ShellText() {}

    /** A leading tilde and variables as a shell would; a variable that is not set stays as it is written. */
    public static String expanded(String text, Map<String, String> environment) {
        String home = environment.getOrDefault("HOME", "");
        boolean tilde = !home.isEmpty() && (text.equals("~") || text.startsWith("~/"));
        Matcher variable = VARIABLE.matcher(tilde ? home + text.substring(1) : text);
        return variable.replaceAll(match -> {
            String name = match.group(1) == null ? match.group(2) : match.group(1);
            return Matcher.quoteReplacement(environment.getOrDefault(name, match.group()));
        });
    }
}
