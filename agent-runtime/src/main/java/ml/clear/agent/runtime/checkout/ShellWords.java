// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.checkout;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;

/**
 * Words as a POSIX shell reads them: a text is split at blanks, with quotes and back slashes and nothing else of a shell, and a
 * word is quoted so that splitting gives it back.
 */
public final class ShellWords {

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

    private final String text;
    private final List<String> words = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();
    private boolean inWord;

    private ShellWords(String text) {
        this.text = text;
    }

    /** A word quoted where it must be, so that {@link #split} gives it back as it is. */
    public static String quote(String word) {
        return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    /**
     * The words of a text.
     *
     * @throws AgentException {@code TASK_INVALID} when a quotation does not end
     */
    public static List<String> split(String text) {
        return new ShellWords(text).split();
    }

    private List<String> split() {
        int at = 0;
        while (at < text.length()) {
            char letter = text.charAt(at);
            at = switch (letter) {
                case ' ', '\t', '\n', '\r' -> endWord(at);
                case '\'' -> single(at);
                case '"' -> quoted(at);
                case '\\' -> escaped(at);
                default -> plain(letter, at);
            };
        }
        endWord(at);
        return List.copyOf(words);
    }

    private int plain(char letter, int at) {
        inWord = true;
        word.append(letter);
        return at + 1;
    }

    private int endWord(int at) {
        if (inWord) {
            words.add(word.toString());
            word.setLength(0);
            inWord = false;
        }
        return at + 1;
    }

    private int single(int at) {
        int end = text.indexOf('\'', at + 1);
        if (end < 0) {
            throw unfinished();
        }
        inWord = true;
        word.append(text, at + 1, end);
        return end + 1;
    }

    private int quoted(int at) {
        inWord = true;
        int i = at + 1;
        while (i < text.length() && text.charAt(i) != '"') {
            boolean escapes =
                    text.charAt(i) == '\\' && i + 1 < text.length() && "\"\\$`".indexOf(text.charAt(i + 1)) >= 0;
            i += escapes ? 1 : 0;
            word.append(text.charAt(i));
            i++;
        }
        if (i >= text.length()) {
            throw unfinished();
        }
        return i + 1;
    }

    private int escaped(int at) {
        if (at + 1 >= text.length()) {
            throw unfinished();
        }
        return plain(text.charAt(at + 1), at + 1);
    }

    private AgentException unfinished() {
        return new AgentException(
                ErrorCode.TASK_INVALID, "entry point '" + text + "' has a quotation that does not end; correct it");
    }
}
