// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.process;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * What a terminal shows of one line when all of it has been written: a carriage return goes back to the start, what
 * follows overwrites, a backspace goes one back, the erase sequences of progress bars erase. Colours are kept.
 */
public final class TerminalLine {

    private static final char ESCAPE = '\u001b';
    private static final int FIRST_WIDTH = 128;

    private final String source;
    private final StringBuilder invisible = new StringBuilder();

    /** The escape sequences in front of cells; few cells have one, and a line may have a million cells. */
    private final Map<Integer, String> sequences = new HashMap<>();

    private int[] cells = new int[FIRST_WIDTH];
    private int width;
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
        for (int i = 0; i < width; i++) {
            line.append(sequences.getOrDefault(i, "")).appendCodePoint(cells[i]);
        }
        return line.append(invisible).toString();
    }

    private void put() {
        int codePoint = source.codePointAt(next);
        next += Character.charCount(codePoint);
        if (column >= cells.length) {
            cells = Arrays.copyOf(cells, Math.max(column + 1, 2 * cells.length));
        }
        if (column > width) {
            Arrays.fill(cells, width, column, ' ');
        }
        cells[column] = codePoint;
        sequences.remove(column);
        if (!invisible.isEmpty()) {
            sequences.put(column, invisible.toString());
            invisible.setLength(0);
        }
        column++;
        width = Math.max(width, column);
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
                int end = Math.min(column + 1, width);
                Arrays.fill(cells, 0, end, ' ');
                sequences.keySet().removeIf(cell -> cell < end);
            }
            case "2" -> keep(0);
            default -> keep(Math.min(column, width));
        }
    }

    private void keep(int count) {
        width = count;
        sequences.keySet().removeIf(cell -> cell >= count);
    }
}
