// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

/** A place in a text of the dialect: reads its words and comments, and writes the line ends that it passes to the result. */
final class DialectCursor {

    final String text;
    final StringBuilder out;
    int at;
    int line = 1;
    int lineStart;

    /** Where a value starts, right behind its separator: two slashes there begin a comment. */
    int valueStart;

    /** Lines that a backslash joined and whose ends are still to be written. */
    int joinedLines;

    private final String source;

    /** The start of a text; a byte order mark is skipped, and every line end is a line feed, as Python reads them. */
    DialectCursor(String source, String text) {
        this.source = source;
        this.text = text.indexOf('\r') < 0 ? text : text.replace("\r\n", "\n").replace('\r', '\n');
        this.out = new StringBuilder(text.length());
        if (text.startsWith("\uFEFF")) {
            at = lineStart = 1;
        }
    }

    boolean atEnd() {
        return at == text.length();
    }

    boolean here(String expected) {
        return text.startsWith(expected, at);
    }

    Origin origin() {
        return origin(line);
    }

    Origin origin(int earlier) {
        return new Origin(source, earlier);
    }

    String unquoted() {
        int from = at;
        StringBuilder piece = new StringBuilder();
        while (at < text.length()) {
            char c = text.charAt(at);
            if (",{}[]\"#\n".indexOf(c) >= 0 || text.startsWith("${", at) || (at > from && comment())) {
                break;
            }
            if (c == '\\' && joinsLines()) {
                continue;
            }
            piece.append(c == '\\' ? escape() : String.valueOf(c));
            at++;
        }
        int kept = piece.length();
        while (at > from && (text.charAt(at - 1) == ' ' || text.charAt(at - 1) == '\t')) {
            at--;
            kept--;
        }
        return piece.substring(0, kept);
    }

    private boolean joinsLines() {
        if (!text.startsWith("\n", at + 1)) {
            return false;
        }
        at += 2;
        line++;
        lineStart = at;
        joinedLines++;
        skipBlanks();
        return true;
    }

    /** The text of a quoted piece; the Python parser knows these escapes and leaves every other one as it is written. */
    String quoted() {
        int opened = at++;
        StringBuilder piece = new StringBuilder();
        while (at < text.length() && !here('\n')) {
            char c = text.charAt(at);
            if (c == '"') {
                at++;
                return piece.toString();
            }
            piece.append(c == '\\' ? escape() : String.valueOf(c));
            at++;
        }
        at = opened;
        throw syntax("the quote that opens here is not closed in its line");
    }

    /** What the escape at this place stands for; moves to its last character. */
    private String escape() {
        if (at + 1 == text.length() || text.charAt(at + 1) == '\n') {
            return "\\";
        }
        char escaped = text.charAt(++at);
        return switch (escaped) {
            case '\\', '"', '=', '#', '!' -> String.valueOf(escaped);
            case 'n' -> "\n";
            case 'r' -> "\r";
            case 't' -> "\t";
            default -> "\\" + escaped;
        };
    }

    /** Whether a comment starts here; two slashes inside a word, as in an address, are none. */
    boolean comment() {
        return here('#')
                || (text.startsWith("//", at)
                        && (at == lineStart || at == valueStart || " \t,{}[]".indexOf(text.charAt(at - 1)) >= 0));
    }

    void skipBlanks() {
        while (at < text.length() && (here(' ') || here('\t') || here('\u00A0'))) {
            at++;
        }
    }

    void skip(boolean commas) {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '\n') {
                out.append('\n');
                at++;
                line++;
                lineStart = at;
            } else if (Character.isWhitespace(c) || c == '\u00A0' || (commas && c == ',')) {
                at++;
            } else if (comment()) {
                int end = text.indexOf('\n', at);
                at = end < 0 ? text.length() : end;
            } else {
                return;
            }
        }
    }

    boolean here(char expected) {
        return at < text.length() && text.charAt(at) == expected;
    }

    SyntaxException syntax(String message) {
        return new SyntaxException(Problem.error(origin(), "column " + (at - lineStart + 1) + ": " + message));
    }
}
