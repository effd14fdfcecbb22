// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Rewrites the dialect of HOCON that the Python agent reads into strict HOCON, line for line.
 *
 * <p>Existing files rely on what the Python parser accepts and the specification does not: texts without quotes that
 * hold {@code :}, {@code ~} or {@code ()}, escapes such as {@code "\d"}, {@code True}, repeated commas, keys without
 * value. The result has every text quoted, every comma in place and no comments, so that the strict parser accepts it;
 * no line is added or removed, so its line numbers are those of the file.
 *
 * <p>Where we differ from the Python parser on purpose:
 *
 * <ul>
 *   <li>{@code key:} followed by a line with another key is empty; Python takes that whole line as the value.
 *   <li>Texts without quotes may hold any character that does not separate, such as {@code @} or {@code *}.
 *   <li>{@code "${NAME}"} is replaced when the variable is set. Triple quotes keep it as it is.
 *   <li>A byte order mark is skipped.
 *   <li>{@code key += value} with a dotted key that the file has not set before is the value; Python fails.
 * </ul>
 */
final class Dialect {

    private static final Pattern MEMBER = Pattern.compile(
            "(?:\"[^\"\\n]*\"|[\\w./-]+)[ \\t]*(?:[:=](?!//)|\\+=|\\{)", Pattern.UNICODE_CHARACTER_CLASS);
    private static final String EMPTY = "\"\"";
    private static final int DEEPEST = 100;

    private final DialectCursor cursor;
    private final DialectKeys keys;
    private final DialectInclusions inclusions;
    private final DialectPieces text;
    private final Consumer<Problem> problems;
    private int depth;

    /**
     * A text to rewrite.
     *
     * @param source what problems name
     * @param folder where relative includes start
     */
    Dialect(String source, String text, Path folder, QuotedVariables variables, Consumer<Problem> problems) {
        this.cursor = new DialectCursor(source, text);
        this.keys = new DialectKeys(cursor, DEEPEST);
        this.inclusions = new DialectInclusions(cursor, folder);
        this.text = new DialectPieces(cursor, variables, problems);
        this.problems = problems;
    }

    /**
     * The same in strict HOCON.
     *
     * @throws SyntaxException when it cannot be understood
     */
    String rewrite() {
        cursor.skip(false);
        if (cursor.here('[')) {
            throw cursor.syntax("a configuration is made of keys and values, not of a list");
        }
        if (cursor.here('{')) {
            block();
            cursor.skip(true);
            if (cursor.at < cursor.text.length()) {
                throw cursor.syntax("the braces around the configuration end above; nothing may follow them");
            }
        } else {
            members(false, cursor.line);
        }
        return cursor.out.toString();
    }

    private void block() {
        int opened = cursor.line;
        deeper();
        cursor.at++;
        cursor.out.append('{');
        members(true, opened);
        cursor.out.append('}');
        depth--;
    }

    /** Limits the nesting, which would otherwise exhaust the stack of a recursive parser. */
    private void deeper() {
        depth++;
        if (depth > DEEPEST) {
            throw cursor.syntax("blocks and lists are nested more than " + DEEPEST + " deep");
        }
    }

    private void members(boolean braced, int opened) {
        for (boolean first = true; ; first = false) {
            cursor.skip(true);
            if (cursor.atEnd()) {
                if (braced) {
                    throw cursor.syntax("the '{' in line " + opened + " is not closed");
                }
                return;
            }
            if (cursor.here('}')) {
                if (!braced) {
                    throw cursor.syntax("this '}' closes nothing");
                }
                cursor.at++;
                return;
            }
            if (!first) {
                cursor.out.append(',');
            }
            if (!inclusions.rewrite()) {
                member();
            }
        }
    }

    private void member() {
        int keyLine = cursor.line;
        int column = cursor.at - cursor.lineStart + 1;
        String key = keys.rewrite();
        cursor.skip(false);
        boolean adds = cursor.here("+=");
        if (cursor.here('{')) {
            cursor.out.append(':');
        } else if (adds || cursor.here(':') || cursor.here('=')) {
            cursor.at += adds ? 2 : 1;
            cursor.out.append(':');
        } else {
            // The text may be a secret, so the message does not contain it.
            throw new SyntaxException(Problem.error(
                    cursor.origin(keyLine),
                    "expected ':', '=' or '{' behind the key in column " + column
                            + "; a text with commas or brackets needs quotes"));
        }
        cursor.valueStart = cursor.at;
        if (!emptyValue()) {
            int start = cursor.out.length();
            value(true);
            if (adds && joins(cursor.out.charAt(start))) {
                // As the Python parser reads it: what the file said before, looked up from its root, and this behind
                // it.
                cursor.out.insert(start, "${?" + key + "} ");
            }
        }
    }

    /** Whether a value that starts like this is put behind an earlier one; numbers and truth values take its place. */
    private static boolean joins(char start) {
        return start == '"' || start == '[' || start == '{' || start == '$';
    }

    /** Whether nothing follows the separator; moves to the value otherwise, which may start in a later line. */
    private boolean emptyValue() {
        cursor.skipBlanks();
        if (cursor.at < cursor.text.length() && !cursor.here('\n') && !cursor.comment()) {
            return empty(cursor.here(',') || cursor.here('}'));
        }
        int before = cursor.at;
        int beforeLine = cursor.line;
        int beforeStart = cursor.lineStart;
        int written = cursor.out.length();
        cursor.skip(false);
        boolean nothing = cursor.atEnd() || cursor.here(',') || cursor.here('}');
        boolean member = !nothing && atMember();
        if (nothing || member) {
            cursor.at = before;
            cursor.line = beforeLine;
            cursor.lineStart = beforeStart;
            cursor.out.setLength(written);
            if (member) {
                problems.accept(Problem.warning(cursor.origin(), "a key has no value and is taken as empty"));
            }
            return empty(true);
        }
        return false;
    }

    /** Whether a key with its separator is next. */
    private boolean atMember() {
        return MEMBER.matcher(cursor.text)
                .region(cursor.at, cursor.text.length())
                .lookingAt();
    }

    private boolean empty(boolean nothing) {
        if (nothing) {
            cursor.out.append(EMPTY);
        }
        return nothing;
    }

    /**
     * One value: a block, a list, or pieces of text in a row.
     *
     * @param ofMember whether another key may follow a block in the same line, as in {@code a {} b: 1}
     */
    private void value(boolean ofMember) {
        int start = cursor.out.length();
        String lone = null;
        int pieces = 0;
        int blocks = 0;
        while (cursor.at < cursor.text.length()) {
            int blanks = cursor.at;
            cursor.skipBlanks();
            if (cursor.atEnd() || ",}]\n".indexOf(cursor.text.charAt(cursor.at)) >= 0 || cursor.comment()) {
                break;
            }
            if (ofMember && blocks == 1 && pieces == 1 && atMember()) {
                break;
            }
            if (pieces > 0) {
                cursor.out.append(cursor.text, blanks, cursor.at);
            }
            pieces++;
            lone = null;
            if (cursor.here('{')) {
                blocks++;
                block();
            } else if (cursor.here('[')) {
                list();
            } else {
                lone = text.rewrite();
            }
        }
        if (pieces == 0) {
            throw cursor.syntax(
                    cursor.at < cursor.text.length()
                            ? "unexpected '" + cursor.text.charAt(cursor.at) + "'"
                            : "expected a value");
        }
        if (pieces == 1 && lone != null) {
            cursor.out.setLength(start);
            text.scalar(lone);
        }
        cursor.out.repeat('\n', cursor.joinedLines);
        cursor.joinedLines = 0;
    }

    private void list() {
        int opened = cursor.line;
        deeper();
        cursor.at++;
        cursor.out.append('[');
        boolean any = false;
        while (true) {
            cursor.skip(true);
            if (cursor.atEnd()) {
                throw cursor.syntax("the '[' in line " + opened + " is not closed");
            }
            if (cursor.here(']')) {
                cursor.at++;
                cursor.out.append(']');
                depth--;
                return;
            }
            int before = cursor.out.length();
            cursor.out.append(any ? "," : "");
            int start = cursor.out.length();
            value(false);
            if (cursor.out.substring(start).equals(EMPTY)) {
                cursor.out.setLength(before); // the Python parser leaves empty texts out of lists
            } else {
                any = true;
            }
        }
    }
}
