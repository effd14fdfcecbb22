// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.report;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Puts lines together from chunks that are cut anywhere. A line ends at a line feed; it is decoded as a whole. A line that is
 * too long for the memory, or that does not end for a while, is given on in pieces, none of which ends inside of a character
 * or of a secret. For one thread.
 */
final class LineAssembler {

    /** As much of the end of a piece as is searched for the beginning of a secret. */
    private static final int SECRET_MARGIN = 64 << 10;

    /**
     * Fewer characters of a secret reveal nothing, and holding them back would cut the last letter off every progress
     * bar.
     */
    private static final int SHORTEST_OPEN = 4;

    /** A terminal is not wider. */
    private static final int LONGEST_STATE = 4 << 10;

    private static final int FIRST_SIZE = 8 << 10;

    private final ConsoleForm form;
    private byte[] line = new byte[FIRST_SIZE];
    private int length;

    LineAssembler(ConsoleForm form) {
        this.form = form;
    }

    /** Take a chunk that begins at a place; give on each line that it completes, and pieces of one that is too long. */
    void feed(byte[] chunk, int count, SpoolPosition start, Consumer<SpoolLine> lines) {
        int from = 0;
        for (int i = 0; i < count; i++) {
            if (chunk[i] == '\n') {
                SpoolPosition end = start.plus(i + 1L);
                if (length == 0) {
                    lines.accept(new SpoolLine(form.shown(decode(chunk, from, i)), true, end));
                } else {
                    append(chunk, from, i - from);
                    lines.accept(complete(end));
                }
                from = i + 1;
            }
        }
        append(chunk, from, count - from);
        if (length >= form.longestLine()) {
            cut(endOfLongPiece(), start.plus(count)).ifPresent(lines);
        }
    }

    /** At the end of the output: the last line, if it has no line end. */
    Optional<SpoolLine> rest(SpoolPosition end) {
        return length == 0 ? Optional.empty() : Optional.of(complete(end));
    }

    /**
     * The unfinished line as it is now, given on so that it is not waited for; what follows is another piece.
     *
     * @param quiet whether nothing was added to it for a while; if not, its state at the last carriage return is the last
     *     that is known to be whole
     * @param end the place after the last byte that was fed
     */
    Optional<SpoolLine> progress(boolean quiet, SpoolPosition end) {
        int returned = afterLastReturn(length);
        return cut(quiet || returned == 0 ? length - open(SHORTEST_OPEN) : returned, end);
    }

    /** All of the unfinished line as a piece. */
    Optional<SpoolLine> piece(SpoolPosition end) {
        return cut(length, end);
    }

    /** What a terminal shows of the unfinished line now, which stays; empty when it has none or a very long one. */
    String state() {
        int to = length > 0 && line[length - 1] == '\r' ? length - 1 : length - open(SHORTEST_OPEN);
        int from = afterLastReturn(to);
        return to - from > LONGEST_STATE ? "" : form.shown(decode(line, from, Math.max(from, to)));
    }

    /** Whether a line has begun and not ended. */
    boolean unfinished() {
        return length > 0;
    }

    private int endOfLongPiece() {
        int returned = afterLastReturn(length);
        int end = returned > 0 ? returned : length - open(1);
        return end == 0 && length > form.longestLine() + SECRET_MARGIN ? length : end;
    }

    private int afterLastReturn(int to) {
        int at = to;
        while (at > 0 && line[at - 1] != '\r') {
            at--;
        }
        return at;
    }

    /** How many bytes at the end must wait for what follows: the beginning of a character, or what may be that of a secret. */
    private int open(int shortestSecret) {
        int whole = length - openCharacter();
        int from = Math.max(0, whole - SECRET_MARGIN);
        String end = decode(line, from, whole);
        int found = form.redactor().openEnd(end);
        int secret = found < shortestSecret ? 0 : found;
        int bytes = end.substring(end.length() - secret).getBytes(StandardCharsets.UTF_8).length;
        return Math.min(length, length - whole + bytes);
    }

    private int openCharacter() {
        for (int back = 1; back <= Math.min(3, length); back++) {
            int b = line[length - back] & 0xFF;
            if (b >= 0xC0) {
                int size = b >= 0xF0 ? 4 : b >= 0xE0 ? 3 : 2;
                return size > back ? back : 0;
            }
            if (b < 0x80) {
                return 0;
            }
        }
        return 0;
    }

    private Optional<SpoolLine> cut(int at, SpoolPosition end) {
        int after = length - at;
        if (at <= 0 || after > end.offset()) {
            return Optional.empty(); // its end is in an earlier segment; the next chunk is soon long enough
        }
        String raw = decode(line, 0, at);
        SpoolLine piece = new SpoolLine(
                form.shown(raw), ConsoleForm.isState(raw), new SpoolPosition(end.segment(), end.offset() - after));
        if (piece.text().isEmpty()) {
            return Optional.empty();
        }
        System.arraycopy(line, at, line, 0, after);
        length = after;
        return Optional.of(piece);
    }

    private void append(byte[] chunk, int from, int count) {
        if (length + count > line.length) {
            line = Arrays.copyOf(line, Math.max(length + count, 2 * line.length));
        }
        System.arraycopy(chunk, from, line, length, count);
        length += count;
    }

    private SpoolLine complete(SpoolPosition end) {
        String text = form.shown(decode(line, 0, length));
        length = 0;
        if (line.length > FIRST_SIZE * 16) {
            line = new byte[FIRST_SIZE];
        }
        return new SpoolLine(text, true, end);
    }

    private static String decode(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }
}
