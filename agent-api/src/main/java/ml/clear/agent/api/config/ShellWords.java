// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.config;

import java.util.ArrayList;
import java.util.List;

/** Splits a text into words as a POSIX shell does, without expanding anything. */
final class ShellWords {

    private ShellWords() {}

    /**
     * The words, without their quotes.
     *
     * @throws IllegalArgumentException when a quote is not closed
     */
    static List<String> split(String text) {
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
                    word.append(i < text.length() ? text.charAt(i) : '\\');
                }
                default -> word.append(c);
            }
        }
        if (inWord) {
            words.add(word.toString());
        }
        return words;
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
