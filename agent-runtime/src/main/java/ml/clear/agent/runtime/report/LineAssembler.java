// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.report;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Puts lines together from chunks that are cut anywhere. A line ends at a line feed and nowhere else; it is decoded as a
 * whole, so that no character and no secret is split. For one thread.
 */
final class LineAssembler {

    /** Beyond the longest line, as much is kept as a secret at its cut may need to be recognised. */
    private static final int SECRET_MARGIN = 64 << 10;

    private static final int FIRST_SIZE = 8 << 10;

    private final ConsoleForm form;
    private final int kept;
    private byte[] line = new byte[FIRST_SIZE];
    private int length;
    private long dropped;

    LineAssembler(ConsoleForm form) {
        this.form = form;
        this.kept = form.longestLine() + SECRET_MARGIN;
    }

    /** Take a chunk that begins at a place; give on each line that it completes. */
    void feed(byte[] chunk, int count, SpoolPosition start, Consumer<SpoolLine> lines) {
        int from = 0;
        for (int i = 0; i < count; i++) {
            if (chunk[i] == '\n') {
                SpoolPosition end = start.plus(i + 1L);
                if (length == 0 && i - from <= form.longestLine()) {
                    lines.accept(new SpoolLine(form.shown(decode(chunk, from, i - from)), end));
                } else {
                    append(chunk, from, i - from);
                    lines.accept(complete(end));
                }
                from = i + 1;
            }
        }
        append(chunk, from, count - from);
    }

    /** At the end of the output: the last line, if it has no end of its own. */
    Optional<SpoolLine> rest(SpoolPosition end) {
        return length == 0 ? Optional.empty() : Optional.of(complete(end));
    }

    /**
     * What a terminal would show of the unfinished line: its state at the last carriage return, when it has one. What comes
     * after that stays.
     *
     * @param end the place after the last byte that was fed
     */
    Optional<SpoolLine> progress(SpoolPosition end) {
        int cut = length;
        while (cut > 0 && line[cut - 1] != '\r') {
            cut--;
        }
        int after = length - cut;
        if (cut == 0 || dropped > 0 || after > end.offset()) {
            return Optional.empty();
        }
        SpoolLine state =
                new SpoolLine(form.shown(decode(line, 0, cut)), new SpoolPosition(end.segment(), end.offset() - after));
        System.arraycopy(line, cut, line, 0, after);
        length = after;
        return Optional.of(state);
    }

    /** Whether a line has begun and not ended. */
    boolean unfinished() {
        return length > 0;
    }

    private void append(byte[] chunk, int from, int count) {
        int taken = Math.min(count, kept - length);
        if (length + taken > line.length) {
            line = Arrays.copyOf(line, Math.min(kept, Math.max(length + taken, 2 * line.length)));
        }
        System.arraycopy(chunk, from, line, length, taken);
        length += taken;
        dropped += count - taken;
    }

    private SpoolLine complete(SpoolPosition end) {
        String text = form.shown(decode(line, 0, length));
        if (length + dropped > form.longestLine()) {
            text = cut(text, length + dropped);
        }
        length = 0;
        dropped = 0;
        if (line.length > FIRST_SIZE * 16) {
            line = new byte[FIRST_SIZE];
        }
        return new SpoolLine(text, end);
    }

    private String cut(String text, long bytes) {
        int end = Math.min(text.length(), form.longestLine());
        if (end > 0 && end < text.length() && Character.isHighSurrogate(text.charAt(end - 1))) {
            end--;
        }
        return end == text.length() && bytes <= kept
                ? text
                : text.substring(0, end) + " [cut here: the line has " + bytes + " bytes]";
    }

    private static String decode(byte[] bytes, int from, int count) {
        return new String(bytes, from, count, StandardCharsets.UTF_8);
    }
}
