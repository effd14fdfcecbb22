// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.process;

import java.util.ArrayList;
import java.util.List;

/**
 * What a terminal shows of one line when all of it has been written: a carriage return goes back to the start, what
 * follows overwrites, a backspace goes one back, the erase sequences of progress bars erase. Colours are kept.
 */
public final class TerminalLine {

    private static final char ESCAPE = '\u001b';

    private final String source;
    private final List<StringBuilder> cells = new ArrayList<>();
    private final StringBuilder invisible = new StringBuilder();
    private int column;
    private int next;

    private TerminalLine(String source) {
        this.source = source;
    }

    /**
     * The last state of a line.
     *
     * @param line the line, without its line feed
     */
    public static String render(String line) {
        String text = line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
        return text.indexOf('\r') < 0 && text.indexOf('\b') < 0 ? text : new TerminalLine(text).run();
    }

    private String run() {
        while (next < source.length()) {
            char c = source.charAt(next);
            switch (c) {
                case '\r' -> {
                    column = 0;
                    next++;
                }
                case '\b' -> {
                    column = Math.max(0, column - 1);
                    next++;
                }
                case ESCAPE -> escape();
                default -> put();
            }
        }
        StringBuilder line = new StringBuilder(source.length());
        cells.forEach(line::append);
        return line.append(invisible).toString();
    }

    private void put() {
        StringBuilder cell = new StringBuilder(invisible);
        invisible.setLength(0);
        int codePoint = source.codePointAt(next);
        next += Character.charCount(codePoint);
        cell.appendCodePoint(codePoint);
        while (column > cells.size()) {
            cells.add(new StringBuilder(" "));
        }
        if (column < cells.size()) {
            cells.set(column, cell);
        } else {
            cells.add(cell);
        }
        column++;
    }

    /** A control sequence is ESC [ parameters letter; any other escape is kept where it is. */
    private void escape() {
        int end = next + 1;
        if (end < source.length() && source.charAt(end) == '[') {
            end++;
            while (end < source.length() && source.charAt(end) < '@') {
                end++;
            }
        }
        end = Math.min(source.length(), end + 1);
        String sequence = source.substring(next, end);
        next = end;
        if (sequence.endsWith("K")) {
            erase(sequence.substring(2, sequence.length() - 1));
        } else {
            invisible.append(sequence);
        }
    }

    private void erase(String mode) {
        switch (mode) {
            case "1" -> {
                for (int i = 0; i < Math.min(column + 1, cells.size()); i++) {
                    cells.set(i, new StringBuilder(" "));
                }
            }
            case "2" -> cells.clear();
            default -> {
                if (column < cells.size()) {
                    cells.subList(column, cells.size()).clear();
                }
            }
        }
    }
}
