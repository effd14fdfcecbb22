// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a patch of any size, part by part. Text is read byte by byte into characters (ISO 8859-1), so that writing it in the
 * same way yields the same bytes. A long line comes in pieces.
 */
final class PatchReader {

    private static final int PIECE = 1 << 16;
    private static final Pattern RANGE =
            Pattern.compile("@@ -(\\d+)(?:,(\\d+))? \\+(\\d+)(?:,(\\d+))? @@.*", Pattern.DOTALL);
    private static final Pattern COLOUR = Pattern.compile("\u001b\\[[0-9;]*[mK]");
    private static final List<String> HEADER = List.of(
            "index ",
            "old mode ",
            "new mode ",
            "new file mode ",
            "deleted file mode ",
            "similarity index ",
            "dissimilarity index ",
            "rename from ",
            "rename to ",
            "copy from ",
            "copy to ",
            "--- ",
            "+++ ");

    /** Gets the parts in their order. */
    interface Parts {

        /** The header of one file. */
        void header(FileHeader header) throws IOException;

        /** The first line of a hunk. */
        void hunk(Hunk hunk, String line) throws IOException;

        /**
         * A line of a hunk, or a piece of one.
         *
         * @param begins whether the piece begins the line
         */
        void content(String piece, boolean begins) throws IOException;

        /** A line outside of hunks and headers: binary data, output of other programs. */
        void other(String piece) throws IOException;
    }

    /** Where a hunk is, and how many lines it has. */
    record Hunk(long oldStart, long oldLines, long newStart, long newLines) {}

    private final Path file;
    private final boolean coloured;
    private List<String> header = new ArrayList<>();
    private long oldLeft;
    private long newLeft;

    PatchReader(Path file) throws IOException {
        this.file = file;
        this.coloured = startsColoured(file);
    }

    /** Whether terminal colours are removed. */
    boolean isColoured() {
        return coloured;
    }

    void read(Parts parts) throws IOException {
        header = new ArrayList<>();
        oldLeft = 0;
        newLeft = 0;
        try (InputStream stream = new BufferedInputStream(Files.newInputStream(file), PIECE)) {
            boolean begins = true;
            for (String piece = piece(stream); !piece.isEmpty(); piece = piece(stream)) {
                String text = coloured ? COLOUR.matcher(piece).replaceAll("") : piece;
                part(text, begins, parts);
                begins = piece.endsWith("\n");
            }
        }
        flush(parts);
    }

    private void part(String text, boolean begins, Parts parts) throws IOException {
        boolean noNewline = begins && text.startsWith("\\ ");
        if (!begins || oldLeft > 0 || newLeft > 0 || noNewline) {
            if (begins && !noNewline) {
                count(text);
            }
            parts.content(text, begins);
            return;
        }
        Matcher range = RANGE.matcher(text);
        if (range.matches()) {
            flush(parts);
            Hunk hunk = new Hunk(
                    Long.parseLong(range.group(1)), lines(range.group(2)),
                    Long.parseLong(range.group(3)), lines(range.group(4)));
            oldLeft = hunk.oldLines();
            newLeft = hunk.newLines();
            parts.hunk(hunk, text);
        } else if (text.startsWith("diff --git ")) {
            flush(parts);
            header.add(text);
        } else if (continuesHeader(text)) {
            header.add(text);
        } else {
            flush(parts);
            parts.other(text);
        }
    }

    /** {@code ---} begins the header of a file where no {@code diff --git} does. */
    private boolean continuesHeader(String text) {
        return header.isEmpty() ? text.startsWith("--- ") : HEADER.stream().anyMatch(text::startsWith);
    }

    private void flush(Parts parts) throws IOException {
        if (!header.isEmpty()) {
            List<String> lines = header;
            header = new ArrayList<>();
            parts.header(new FileHeader(lines));
        }
    }

    private void count(String text) {
        switch (text.charAt(0)) {
            case '+' -> newLeft--;
            case '-' -> oldLeft--;
            default -> {
                oldLeft--;
                newLeft--;
            }
        }
    }

    private static long lines(String group) {
        return group == null ? 1 : Long.parseLong(group);
    }

    /** The rest of the line with its end, or as much as fits; empty at the end of the file. */
    private static String piece(InputStream stream) throws IOException {
        byte[] bytes = new byte[256];
        int length = 0;
        for (int next = stream.read(); next >= 0; next = stream.read()) {
            if (length == bytes.length) {
                bytes = java.util.Arrays.copyOf(bytes, Math.min(PIECE, bytes.length * 4));
            }
            bytes[length++] = (byte) next;
            if (next == '\n' || length == PIECE) {
                break;
            }
        }
        return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
    }

    private static boolean startsColoured(Path file) throws IOException {
        try (InputStream stream = Files.newInputStream(file)) {
            String start = new String(stream.readNBytes(PIECE), StandardCharsets.ISO_8859_1).stripLeading();
            return COLOUR.matcher(start).lookingAt();
        }
    }
}
