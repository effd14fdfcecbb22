// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.eclipse.jgit.diff.DiffAlgorithm;
import org.eclipse.jgit.diff.DiffFormatter;
import org.eclipse.jgit.diff.EditList;
import org.eclipse.jgit.diff.RawText;
import org.eclipse.jgit.diff.RawTextComparator;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.util.Base85;
import org.eclipse.jgit.util.QuotedString;

/** Writes a patch that git applies too. What a text cannot carry (it is no UTF-8) goes as a binary patch. */
final class PatchText {

    private static final int BYTES_A_LINE = 52;

    /**
     * One state of a file.
     *
     * @param mode {@link FileMode#MISSING} where there is none
     * @param id the identity of the content
     * @param bytes the content
     */
    @SuppressWarnings("ArrayRecordComponent") // carries bytes inside this package, never compared
    record Side(FileMode mode, ObjectId id, byte[] bytes) {

        boolean exists() {
            return mode != FileMode.MISSING;
        }

        Side gone() {
            return new Side(FileMode.MISSING, ObjectId.zeroId(), new byte[0]);
        }
    }

    private final StringBuilder text = new StringBuilder();

    String text() {
        return text.toString();
    }

    void append(String patch) {
        text.append(patch);
    }

    void add(String path, Side before, Side after) throws IOException {
        if (before.exists() && after.exists() && isLink(before) != isLink(after)) {
            // git, too, tells a change of kind as a removal and an addition
            add(path, before, before.gone());
            add(path, after.gone(), after);
            return;
        }
        header(path, before, after);
        if (before.id().equals(after.id())) {
            return;
        }
        String line = "index " + before.id().name() + ".." + after.id().name();
        boolean sameMode = before.mode() == after.mode();
        text.append(line).append(sameMode ? " " + octal(before.mode()) : "").append('\n');
        if (isText(before.bytes()) && isText(after.bytes())) {
            hunks(path, before, after);
        } else {
            text.append("GIT binary patch\n");
            literal(after.bytes());
            literal(before.bytes());
        }
    }

    void addSubmodule(String path, ObjectId before, ObjectId after) {
        boolean added = before.equals(ObjectId.zeroId());
        text.append("diff --git ")
                .append(quoted("a/" + path))
                .append(' ')
                .append(quoted("b/" + path))
                .append('\n');
        if (added) {
            text.append("new file mode 160000\n");
        }
        text.append("index ").append(before.name()).append("..").append(after.name());
        text.append(added ? "\n" : " 160000\n");
        text.append("--- ").append(added ? "/dev/null" : named("a/" + path)).append('\n');
        text.append("+++ ").append(named("b/" + path)).append('\n');
        text.append(added ? "@@ -0,0 +1 @@\n" : "@@ -1 +1 @@\n-Subproject commit " + before.name() + "\n");
        text.append("+Subproject commit ").append(after.name()).append('\n');
    }

    private void header(String path, Side before, Side after) {
        text.append("diff --git ")
                .append(quoted("a/" + path))
                .append(' ')
                .append(quoted("b/" + path))
                .append('\n');
        if (!before.exists()) {
            text.append("new file mode ").append(octal(after.mode())).append('\n');
        } else if (!after.exists()) {
            text.append("deleted file mode ").append(octal(before.mode())).append('\n');
        } else if (before.mode() != after.mode()) {
            text.append("old mode ").append(octal(before.mode())).append('\n');
            text.append("new mode ").append(octal(after.mode())).append('\n');
        }
    }

    private void hunks(String path, Side before, Side after) throws IOException {
        RawText old = new RawText(before.bytes());
        RawText young = new RawText(after.bytes());
        EditList edits = DiffAlgorithm.getAlgorithm(DiffAlgorithm.SupportedAlgorithm.HISTOGRAM)
                .diff(RawTextComparator.DEFAULT, old, young);
        if (edits.isEmpty()) {
            return; // an empty file came or went
        }
        text.append("--- ")
                .append(before.exists() ? named("a/" + path) : "/dev/null")
                .append('\n');
        text.append("+++ ")
                .append(after.exists() ? named("b/" + path) : "/dev/null")
                .append('\n');
        ByteArrayOutputStream hunks = new ByteArrayOutputStream();
        try (DiffFormatter formatter = new DiffFormatter(hunks)) {
            formatter.format(edits, old, young);
        }
        text.append(hunks.toString(StandardCharsets.UTF_8));
    }

    private void literal(byte[] bytes) throws IOException {
        ByteArrayOutputStream deflated = new ByteArrayOutputStream();
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION);
        try (DeflaterOutputStream stream = new DeflaterOutputStream(deflated, deflater)) {
            stream.write(bytes);
        } finally {
            deflater.end();
        }
        text.append("literal ").append(bytes.length).append('\n');
        byte[] all = deflated.toByteArray();
        for (int start = 0; start < all.length; start += BYTES_A_LINE) {
            int length = Math.min(BYTES_A_LINE, all.length - start);
            char count = (char) (length <= 26 ? 'A' + length - 1 : 'a' + length - 27);
            text.append(count)
                    .append(new String(Base85.encode(all, start, length), StandardCharsets.US_ASCII))
                    .append('\n');
        }
        text.append('\n');
    }

    private static boolean isText(byte[] bytes) {
        if (RawText.isBinary(bytes, bytes.length, true)) {
            return false;
        }
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    private static boolean isLink(Side side) {
        return side.mode() == FileMode.SYMLINK;
    }

    private static String octal(FileMode mode) {
        return String.format("%06o", mode.getBits());
    }

    private static String quoted(String path) {
        return QuotedString.GIT_PATH.quote(path);
    }

    /** git ends a name that holds blanks with a tab, so that programs find its end. */
    private static String named(String path) {
        String quoted = quoted(path);
        return quoted.equals(path) && path.indexOf(' ') >= 0 ? quoted + "\t" : quoted;
    }
}
