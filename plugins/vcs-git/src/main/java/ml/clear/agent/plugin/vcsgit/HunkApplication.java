// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.eclipse.jgit.patch.HunkHeader;
import org.eclipse.jgit.util.RawParseUtils;

/**
 * Applies the hunks of one text file, in order. A hunk may have moved; its lines must be there as they are, but for the
 * carriage returns that a text may lose on its way. Hunks without context ({@code -U0}) fit at their line alone.
 */
final class HunkApplication {

    private final String path;
    private final List<byte[]> lines;
    private final ByteArrayOutputStream result = new ByteArrayOutputStream();
    private int consumed;
    private int shift;
    private int number;

    HunkApplication(String path, byte[] before) {
        this.path = path;
        this.lines = linesOf(before);
    }

    void apply(HunkHeader header) {
        number++;
        Hunk hunk = Hunk.read(header);
        boolean lenient = false;
        int expected = hunk.start() + shift;
        int place = find(hunk, expected, false);
        if (place < 0) {
            lenient = true;
            place = find(hunk, expected, true);
        }
        if (place < 0) {
            throw mismatch(hunk, expected);
        }
        shift = place - hunk.start();
        copyUntil(place);
        write(hunk, place, lenient);
        consumed = place + hunk.before().size();
    }

    byte[] result() {
        copyUntil(lines.size());
        return result.toByteArray();
    }

    /** The place nearest to the expected one where all old lines are, or -1. */
    private int find(Hunk hunk, int expected, boolean lenient) {
        if (hunk.before().isEmpty()) {
            return expected >= consumed && expected <= lines.size() ? expected : -1;
        }
        int last = lines.size() - hunk.before().size();
        for (int distance = 0; distance <= lines.size() + Math.abs(expected); distance++) {
            for (int place :
                    distance == 0 ? new int[] {expected} : new int[] {expected - distance, expected + distance}) {
                if (place >= consumed && place <= last && fits(hunk, place, lenient)) {
                    return place;
                }
            }
        }
        return -1;
    }

    private boolean fits(Hunk hunk, int place, boolean lenient) {
        for (int i = 0; i < hunk.before().size(); i++) {
            if (!same(lines.get(place + i), hunk.before().get(i), lenient)) {
                return false;
            }
        }
        return true;
    }

    private static boolean same(byte[] left, byte[] right, boolean lenient) {
        return lenient ? Arrays.equals(withoutReturn(left), withoutReturn(right)) : Arrays.equals(left, right);
    }

    /** Kept lines are written as the file has them; new ones end as the file's lines do when returns were lost. */
    private void write(Hunk hunk, int place, boolean lenient) {
        boolean returns = lenient && lines.stream().anyMatch(HunkApplication::endsWithReturn);
        int old = place;
        for (Hunk.Line line : hunk.lines()) {
            switch (line.kind()) {
                case ' ' -> result.writeBytes(lines.get(old++));
                case '-' -> old++;
                default -> result.writeBytes(returns ? withReturn(line.bytes()) : line.bytes());
            }
        }
    }

    private void copyUntil(int end) {
        for (int i = consumed; i < end; i++) {
            result.writeBytes(lines.get(i));
        }
        consumed = Math.max(consumed, end);
    }

    private RuntimeException mismatch(Hunk hunk, int expected) {
        String where = "'" + path + "', hunk " + number + " (line " + (hunk.start() + 1) + ")";
        for (int i = 0; i < hunk.before().size(); i++) {
            int at = expected + i;
            if (at < 0 || at >= lines.size()) {
                return PatchApplication.refused(
                        where + ": it expects a line '" + shown(hunk.before().get(i))
                                + "' behind the end of the file; the diff belongs to another commit");
            }
            if (!same(lines.get(at), hunk.before().get(i), true)) {
                return PatchApplication.refused(
                        where + ": it expects '" + shown(hunk.before().get(i)) + "', the file has '"
                                + shown(lines.get(at)) + "'; the diff belongs to another commit");
            }
        }
        return PatchApplication.refused(where + ": it does not fit; the diff belongs to another commit");
    }

    private static String shown(byte[] line) {
        String text = new String(line, StandardCharsets.UTF_8).strip();
        return text.length() > 80 ? text.substring(0, 80) + "…" : text;
    }

    private static List<byte[]> linesOf(byte[] bytes) {
        List<byte[]> lines = new ArrayList<>();
        for (int start = 0; start < bytes.length; ) {
            int end = RawParseUtils.nextLF(bytes, start);
            lines.add(Arrays.copyOfRange(bytes, start, end));
            start = end;
        }
        return lines;
    }

    private static boolean endsWithReturn(byte[] line) {
        return line.length >= 2 && line[line.length - 1] == '\n' && line[line.length - 2] == '\r';
    }

    private static byte[] withoutReturn(byte[] line) {
        if (!endsWithReturn(line)) {
            return line;
        }
        byte[] shorter = Arrays.copyOf(line, line.length - 1);
        shorter[shorter.length - 1] = '\n';
        return shorter;
    }

    private static byte[] withReturn(byte[] line) {
        if (line.length == 0 || line[line.length - 1] != '\n' || endsWithReturn(line)) {
            return line;
        }
        byte[] longer = Arrays.copyOf(line, line.length + 1);
        longer[longer.length - 2] = '\r';
        longer[longer.length - 1] = '\n';
        return longer;
    }
}
