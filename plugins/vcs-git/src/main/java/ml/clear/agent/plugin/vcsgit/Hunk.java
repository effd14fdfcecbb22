// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.eclipse.jgit.patch.HunkHeader;
import org.eclipse.jgit.util.RawParseUtils;

/**
 * One hunk of a text file.
 *
 * @param start where its old lines begin, counted from 0
 * @param lines its lines in order
 */
record Hunk(int start, List<Line> lines) {

    /**
     * A line of a hunk.
     *
     * @param kind a blank for one that stays, {@code -} or {@code +}
     * @param bytes the line with its end, if it has one
     */
    @SuppressWarnings("ArrayRecordComponent") // carries bytes inside this package, never compared
    record Line(char kind, byte[] bytes) {}

    Hunk {
        lines = List.copyOf(lines);
    }

    /** Read as many lines as the header says; the text may have lost trailing blanks of empty lines that stay. */
    static Hunk read(HunkHeader header) {
        byte[] text = header.getBuffer();
        int oldLeft = header.getOldImage().getLineCount();
        int newLeft = header.getNewLineCount();
        int start = header.getOldImage().getStartLine() - (oldLeft == 0 ? 0 : 1);
        int end = header.getFileHeader().getEndOffset();
        List<Line> lines = new ArrayList<>();
        int at = RawParseUtils.nextLF(text, header.getStartOffset());
        while (at < end && (oldLeft > 0 || newLeft > 0 || text[at] == '\\')) {
            int next = Math.min(RawParseUtils.nextLF(text, at), end);
            byte first = text[at];
            if (first == '\\') {
                dropLineEnd(lines);
            } else {
                boolean bare = first == '\n' || first == '\r';
                char kind = bare ? ' ' : (char) first;
                if (kind != ' ' && kind != '+' && kind != '-') {
                    break;
                }
                lines.add(new Line(kind, Arrays.copyOfRange(text, bare ? at : at + 1, next)));
                oldLeft -= kind == '+' ? 0 : 1;
                newLeft -= kind == '-' ? 0 : 1;
            }
            at = next;
        }
        if (oldLeft != 0 || newLeft != 0) {
            throw PatchApplication.refused("a hunk of '"
                    + header.getFileHeader().getNewPath() + "' is cut off: " + oldLeft + " old and " + newLeft
                    + " new lines are missing");
        }
        return new Hunk(Math.max(start, 0), lines);
    }

    /** The lines that must be there. */
    List<byte[]> before() {
        return lines.stream()
                .filter(line -> line.kind() != '+')
                .map(Line::bytes)
                .toList();
    }

    /** {@code \ No newline at end of file} speaks of the line above it. */
    private static void dropLineEnd(List<Line> lines) {
        if (lines.isEmpty()) {
            return;
        }
        Line last = lines.removeLast();
        int length = last.bytes().length;
        boolean ends = length > 0 && last.bytes()[length - 1] == '\n';
        lines.add(ends ? new Line(last.kind(), Arrays.copyOf(last.bytes(), length - 1)) : last);
    }
}
