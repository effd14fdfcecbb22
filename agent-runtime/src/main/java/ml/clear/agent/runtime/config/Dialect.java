// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Rewrites the dialect of HOCON that the Python agent reads into strict HOCON, line for line.
 *
 * <p>Existing files rely on what the Python parser accepts and the specification does not: texts without quotes that hold
 * {@code :}, {@code ~} or {@code ()}, escapes such as {@code "\d"}, {@code True}, repeated commas, keys without value. Every
 * text leaves here quoted, every comma in its place and comments gone, so that the strict parser sees only what it knows;
 * no line is added or removed, so its line numbers are those of the file.
 *
 * <p>Where we differ from the Python parser on purpose:
 *
 * <ul>
 *   <li>{@code key:} followed by a line with a key of its own is empty; Python takes that whole line as the value.
 *   <li>Texts without quotes may hold any character that does not separate, such as {@code @} or {@code *}.
 *   <li>{@code "${NAME}"} is replaced when the variable is set. Triple quotes keep it as it is.
 *   <li>A byte order mark is skipped.
 * </ul>
 */
final class Dialect {

    private static final Pattern MEMBER = Pattern.compile(
            "(?:\"[^\"\\n]*\"|[\\w./-]+)[ \\t]*(?:[:=](?!//)|\\+=|\\{)", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern INCLUDE = Pattern.compile(
            "include[ \\t]+(required[ \\t]*\\([ \\t]*)?(?:(url|file|package|classpath)[ \\t]*\\([ \\t]*)?\"([^\"\\n]*)\"[ \\t]*(\\)?)[ \\t]*(\\)?)");
    private static final Pattern STRICT_NUMBER =
            Pattern.compile("-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?");
    private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]*");
    private static final Pattern SUBSTITUTION = Pattern.compile("\\$\\{[^}\\n]+\\}");

    private final String source;
    private final String text;
    private final Path folder;
    private final QuotedVariables variables;
    private final Consumer<Problem> problems;
    private final StringBuilder out;
    private int at;
    private int line = 1;
    private int lineStart;
    private int valueStart;
    private int joinedLines;

    /**
     * A text to rewrite.
     *
     * @param source what problems name
     * @param folder where relative includes start
     */
    Dialect(String source, String text, Path folder, QuotedVariables variables, Consumer<Problem> problems) {
        this.source = source;
        this.text = text;
        this.folder = folder;
        this.variables = variables;
        this.problems = problems;
        this.out = new StringBuilder(text.length());
    }

    /**
     * The same in strict HOCON.
     *
     * @throws SyntaxException when it cannot be understood
     */
    String rewrite() {
        if (text.startsWith("\uFEFF")) {
            at = lineStart = 1;
        }
        skip(false);
        if (here('[')) {
            throw syntax("a configuration is made of keys and values, not of a list");
        }
        if (here('{')) {
            block();
            skip(true);
            if (at < text.length()) {
                throw syntax("the braces around the configuration end above; nothing may follow them");
            }
        } else {
            members(false, line);
        }
        return out.toString();
    }

    private void block() {
        int opened = line;
        at++;
        out.append('{');
        members(true, opened);
        out.append('}');
    }

    private void members(boolean braced, int opened) {
        for (boolean first = true; ; first = false) {
            skip(true);
            if (at == text.length()) {
                if (braced) {
                    throw syntax("the '{' in line " + opened + " is not closed");
                }
                return;
            }
            if (here('}')) {
                if (!braced) {
                    throw syntax("this '}' closes nothing");
                }
                at++;
                return;
            }
            if (!first) {
                out.append(',');
            }
            if (!include()) {
                member();
            }
        }
    }

    private void member() {
        int keyLine = line;
        int from = at;
        key();
        String written = text.substring(from, at).strip();
        skip(false);
        if (here('{')) {
            out.append(':');
        } else if (text.startsWith("+=", at)) {
            at += 2;
            out.append("+=");
        } else if (here(':') || here('=')) {
            at++;
            out.append(':');
        } else {
            throw new SyntaxException(Problem.error(
                    new Origin(source, keyLine),
                    "expected ':', '=' or '{' behind key '" + written
                            + "'; a text with commas or brackets needs quotes"));
        }
        valueStart = at;
        if (!emptyValue(written)) {
            value();
        }
    }

    /** Whether nothing follows the separator; moves to the value otherwise, which may start in a later line. */
    private boolean emptyValue(String key) {
        skipBlanks();
        if (at < text.length() && !here('\n') && !here('\r') && !comment()) {
            return empty(here(',') || here('}'));
        }
        int before = at;
        int beforeLine = line;
        int beforeStart = lineStart;
        int written = out.length();
        skip(false);
        boolean nothing = at == text.length() || here(',') || here('}');
        boolean member =
                !nothing && MEMBER.matcher(text).region(at, text.length()).lookingAt();
        if (nothing || member) {
            at = before;
            line = beforeLine;
            lineStart = beforeStart;
            out.setLength(written);
            if (member) {
                problems.accept(
                        Problem.warning(new Origin(source, line), "key '" + key + "' has no value; taken as empty"));
            }
            return empty(true);
        }
        return false;
    }

    private boolean empty(boolean nothing) {
        if (nothing) {
            out.append("\"\"");
        }
        return nothing;
    }

    private void key() {
        List<String> names = new ArrayList<>();
        StringBuilder name = new StringBuilder();
        boolean quoted = false;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '"') {
                name.append(quoted());
                quoted = true;
            } else if (c == '.') {
                names.add(name(name, quoted));
                name.setLength(0);
                quoted = false;
                at++;
            } else if ("{}[]:=,#\r\n".indexOf(c) >= 0 || text.startsWith("+=", at)) {
                break;
            } else {
                name.append(c);
                at++;
            }
        }
        names.add(name(name, quoted));
        for (int i = 0; i < names.size(); i++) {
            String part = names.get(i);
            out.append(i == 0 ? "" : ".");
            if (PLAIN_NAME.matcher(part).matches() && !part.equals("include")) {
                out.append(part);
            } else {
                Json.quote(part, out);
            }
        }
    }

    private String name(CharSequence name, boolean quoted) {
        String stripped = name.toString().strip();
        if (stripped.isEmpty() && !quoted) {
            throw syntax(at < text.length() ? "expected a key before '" + text.charAt(at) + "'" : "expected a key");
        }
        return stripped;
    }

    /** One value: a block, a list, or pieces of text in a row. */
    private void value() {
        int start = out.length();
        String lone = null;
        int pieces = 0;
        while (at < text.length()) {
            int blanks = at;
            skipBlanks();
            if (at == text.length() || ",}]\r\n".indexOf(text.charAt(at)) >= 0 || comment()) {
                break;
            }
            if (pieces > 0) {
                out.append(text, blanks, at);
            }
            pieces++;
            lone = null;
            if (here('{')) {
                block();
            } else if (here('[')) {
                list();
            } else if (text.startsWith("\"\"\"", at)) {
                tripleQuoted();
            } else if (here('"')) {
                Json.quote(variables.expand(quoted(), new Origin(source, line)), out);
            } else if (text.startsWith("${", at)) {
                substitution();
            } else {
                lone = unquoted();
                Json.quote(lone, out);
            }
        }
        if (pieces == 0) {
            throw syntax(at < text.length() ? "unexpected '" + text.charAt(at) + "'" : "expected a value");
        }
        if (pieces == 1 && lone != null) {
            out.setLength(start);
            scalar(lone);
        }
        out.repeat('\n', joinedLines);
        joinedLines = 0;
    }

    private void list() {
        int opened = line;
        at++;
        out.append('[');
        for (boolean first = true; ; first = false) {
            skip(true);
            if (at == text.length()) {
                throw syntax("the '[' in line " + opened + " is not closed");
            }
            if (here(']')) {
                at++;
                out.append(']');
                return;
            }
            if (!first) {
                out.append(',');
            }
            value();
        }
    }

    private void scalar(String lone) {
        String lower = lone.toLowerCase(Locale.ROOT);
        switch (lower) {
            case "true", "false", "null" -> out.append(lower);
            default -> {
                if (STRICT_NUMBER.matcher(lone).matches()) {
                    out.append(lone);
                } else {
                    Json.quote(lone, out);
                }
            }
        }
    }

    private String unquoted() {
        int from = at;
        StringBuilder piece = new StringBuilder();
        while (at < text.length()) {
            char c = text.charAt(at);
            if (",{}[]\"#\r\n".indexOf(c) >= 0 || text.startsWith("${", at) || (at > from && comment())) {
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
        int end = text.startsWith("\r\n", at + 1) ? at + 3 : text.startsWith("\n", at + 1) ? at + 2 : 0;
        if (end == 0) {
            return false;
        }
        at = end;
        line++;
        lineStart = at;
        joinedLines++;
        skipBlanks();
        return true;
    }

    /** The text of a quoted piece; the Python parser knows these escapes and leaves every other one as it is written. */
    private String quoted() {
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

    private void tripleQuoted() {
        int end = text.indexOf("\"\"\"", at + 3);
        if (end < 0) {
            throw syntax("the three quotes that open here are not closed");
        }
        end += 3;
        while (end < text.length() && text.charAt(end) == '"') {
            end++;
        }
        out.append(text, at, end);
        for (; at < end; at++) {
            if (here('\n')) {
                line++;
                lineStart = at + 1;
            }
        }
    }

    private void substitution() {
        Matcher matcher = SUBSTITUTION.matcher(text).region(at, text.length());
        if (!matcher.lookingAt()) {
            throw syntax("the '${' that opens here is not closed");
        }
        out.append(matcher.group());
        at = matcher.end();
    }

    private boolean include() {
        Matcher matcher = INCLUDE.matcher(text).region(at, text.length());
        if (!matcher.lookingAt()) {
            return false;
        }
        String name = matcher.group(3);
        boolean address = "url".equals(matcher.group(2)) || name.contains("://");
        if ((address && !name.startsWith("file:")) || "package".equals(matcher.group(2))) {
            throw syntax("only files can be included, not '" + name + "'");
        }
        try {
            Path file = folder.resolve(address ? name.replaceFirst("^file:(//)?", "") : name);
            out.append(matcher.group(1) == null ? "include file(" : "include required(file(");
            Json.quote(file.toAbsolutePath().normalize().toString(), out);
            out.append(matcher.group(1) == null ? ")" : "))");
        } catch (InvalidPathException e) {
            throw syntax("'" + name + "' names no file");
        }
        at = matcher.end();
        return true;
    }

    /** Whether a comment starts here; two slashes inside a word, as in an address, are none. */
    private boolean comment() {
        return here('#')
                || (text.startsWith("//", at)
                        && (at == lineStart || at == valueStart || " \t,{}[]".indexOf(text.charAt(at - 1)) >= 0));
    }

    private void skipBlanks() {
        while (at < text.length() && (here(' ') || here('\t') || here('\u00A0') || (here('\r') && !lineEnd()))) {
            at++;
        }
    }

    private boolean lineEnd() {
        return at + 1 == text.length() || text.charAt(at + 1) == '\n';
    }

    private void skip(boolean commas) {
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

    private boolean here(char expected) {
        return at < text.length() && text.charAt(at) == expected;
    }

    private SyntaxException syntax(String message) {
        return new SyntaxException(
                Problem.error(new Origin(source, line), "column " + (at - lineStart + 1) + ": " + message));
    }
}
