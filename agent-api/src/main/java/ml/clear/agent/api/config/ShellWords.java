// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.config;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import ml.clear.agent.api.Stability;

/**
 * Words as a POSIX shell reads them: a text is split at blanks, with quotes and back slashes and nothing else of a shell,
 * and a word is quoted so that splitting gives it back.
 */
@Stability.Incubating(since = "0.1")
public final class ShellWords {

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

    private ShellWords() {}

    /**
     * The words of a text, without their quotes.
     *
     * @throws IllegalArgumentException when a quote is not closed, or nothing follows the last back slash
     */
    public static List<String> split(String text) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean inWord = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isWhitespace(c)) {
                if (inWord) {
                    words.add(word.toString());
                    word.setLength(0);
                    inWord = false;
                }
                continue;
            }
            inWord = true;
            switch (c) {
                case '\'', '"' -> i = quoted(text, i, word);
                case '\\' -> {
                    i++;
                    if (i == text.length()) {
                        throw new IllegalArgumentException("nothing follows the last back slash");
                    }
                    word.append(text.charAt(i));
                }
                default -> word.append(c);
            }
        }
        if (inWord) {
            words.add(word.toString());
        }
        return words;
    }

    /** A word quoted where it must be, so that {@link #split} gives it back as it is. */
    public static String quote(String word) {
        return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    /** Append what stands in the quotes that open here; the place of the closing one. */
    private static int quoted(String text, int open, StringBuilder word) {
        char quote = text.charAt(open);
        for (int i = open + 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == quote) {
                return i;
            }
            boolean escape = c == '\\' && quote == '"' && i + 1 < text.length();
            if (escape && "\"\\$`".indexOf(text.charAt(i + 1)) >= 0) {
                i++;
            }
            word.append(text.charAt(i));
        }
        throw new IllegalArgumentException("a quote is not closed");
    }
}
