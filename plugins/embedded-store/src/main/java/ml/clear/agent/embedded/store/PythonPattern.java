// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.store;

import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A regular expression as Python clients send it, searched for anywhere in a text. Python's {@code re.escape} puts a
 * backslash before punctuation and blanks, which Java reads the same way.
 */
final class PythonPattern {

    /** The number of character reads after which an expression counts as exponential. */
    private static final int MOST_STEPS = 2_000_000;

    private static final String SPECIAL = ".[]{}()*+?|^$";

    private final Pattern pattern;

    private PythonPattern(Pattern pattern) {
        this.pattern = pattern;
    }

    static PythonPattern of(String expression, boolean ignoreCase) {
        String java = expression.replace("(?P<", "(?<").replace("\\Z", "\\z");
        try {
            return new PythonPattern(
                    Pattern.compile(java, ignoreCase ? Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE : 0));
        } catch (PatternSyntaxException e) {
            throw Refusal.bad(
                    21,
                    "Value used in a regular expression is invalid: " + e.getDescription() + " in '" + expression
                            + "'");
        }
    }

    /** The one text that an expression such as {@code ^a\\ name$} matches; empty for other expressions. */
    Optional<String> literal() {
        String expression = pattern.pattern();
        if (!expression.startsWith("^") || !expression.endsWith("$") || expression.endsWith("\\$")) {
            return Optional.empty();
        }
        StringBuilder literal = new StringBuilder();
        for (int i = 1; i < expression.length() - 1; i++) {
            char letter = expression.charAt(i);
            if (letter == '\\') {
                letter = expression.charAt(++i);
                if (Character.isLetterOrDigit(letter) || i == expression.length() - 1) {
                    return Optional.empty();
                }
            } else if (SPECIAL.indexOf(letter) >= 0) {
                return Optional.empty();
            }
            literal.append(letter);
        }
        return literal.isEmpty() ? Optional.empty() : Optional.of(literal.toString());
    }

    boolean find(String text) {
        try {
            return pattern.matcher(new Metered(text)).find();
        } catch (StackOverflowError e) {
            throw tooCostly();
        }
    }

    private static Refusal tooCostly() {
        return Refusal.bad(21, "Value used in a regular expression is invalid: it takes too long to search for");
    }

    /** A text that counts its character reads. */
    private static final class Metered implements CharSequence {

        private final String text;
        private int steps;

        Metered(String text) {
            this.text = text;
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            if (++steps > MOST_STEPS) {
                throw tooCostly();
            }
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.substring(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
