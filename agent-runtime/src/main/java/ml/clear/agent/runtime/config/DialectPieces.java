// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

import java.util.Locale;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Rewrites the pieces of text that make up a value of the dialect. */
final class DialectPieces {

    private static final Pattern STRICT_NUMBER =
            Pattern.compile("-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?");
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{\\??[^:+]+\\}");
    private static final Pattern SUBSTITUTION = Pattern.compile("\\$\\{[^}\\n]+\\}");

    private final DialectCursor cursor;
    private final QuotedVariables variables;
    private final Consumer<Problem> problems;

    DialectPieces(DialectCursor cursor, QuotedVariables variables, Consumer<Problem> problems) {
        this.cursor = cursor;
        this.variables = variables;
        this.problems = problems;
    }

    /** Rewrites the piece at the cursor; returns it if it has no quotes, and null otherwise. */
    @Nullable
    String rewrite() {
        if (cursor.here("\"\"\"")) {
            tripleQuoted();
        } else if (cursor.here('"')) {
            Json.quoteStrictly(variables.expand(cursor.quoted(), cursor.origin()), cursor.out);
        } else if (cursor.here("${")) {
            substitution();
        } else {
            String unquoted = cursor.unquoted();
            warnOf(unquoted);
            Json.quoteStrictly(unquoted, cursor.out);
            return unquoted;
        }
        return null;
    }

    private void warnOf(String unquoted) {
        if (cursor.here('#') && !Character.isWhitespace(cursor.text.charAt(cursor.at - 1))) {
            problems.accept(Problem.warning(
                    cursor.origin(), "the text after '#' is a comment, not part of the value; quotes keep it"));
        }
        if (unquoted.length() > 1 && unquoted.startsWith("'") && unquoted.endsWith("'")) {
            problems.accept(Problem.warning(cursor.origin(), "single quotes are part of the value; use double quotes"));
        }
    }

    /** Writes a value that is one text without quotes: a truth value, null and a number are no texts. */
    void scalar(String lone) {
        String lower = lone.toLowerCase(Locale.ROOT);
        switch (lower) {
            case "true", "false", "null" -> cursor.out.append(lower);
            default -> {
                if (STRICT_NUMBER.matcher(lone).matches()) {
                    cursor.out.append(lone);
                } else {
                    Json.quoteStrictly(lone, cursor.out);
                }
            }
        }
    }

    private void tripleQuoted() {
        int end = cursor.text.indexOf("\"\"\"", cursor.at + 3);
        if (end < 0) {
            throw cursor.syntax("the three quotes that open here are not closed");
        }
        end += 3;
        while (end < cursor.text.length() && cursor.text.charAt(end) == '"') {
            end++;
        }
        cursor.out.append(cursor.text, cursor.at, end);
        for (; cursor.at < end; cursor.at++) {
            if (cursor.here('\n')) {
                cursor.line++;
                cursor.lineStart = cursor.at + 1;
            }
        }
    }

    private void substitution() {
        Matcher matcher = SUBSTITUTION.matcher(cursor.text).region(cursor.at, cursor.text.length());
        if (!matcher.lookingAt()) {
            throw cursor.syntax("the '${' that opens here is not closed");
        }
        if (!REFERENCE.matcher(matcher.group()).matches()) {
            throw cursor.syntax(
                    "'${…}' names a key or a variable and has no default; write the key twice, first with the"
                            + " default, then with ${?NAME}");
        }
        cursor.out.append(matcher.group());
        cursor.at = matcher.end();
    }
}
