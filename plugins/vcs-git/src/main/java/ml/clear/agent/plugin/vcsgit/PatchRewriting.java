// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import ml.clear.agent.plugin.vcsgit.PatchReader.Hunk;

/** Rewrites a patch so that git applies it as intended. */
final class PatchRewriting implements PatchReader.Parts, AutoCloseable {

    private static final int LOOKED_AT = 1 << 16;

    private final PatchSurvey survey;
    private final Path root;
    private final boolean restoresReturns;
    private final BufferedWriter writer;
    private int file = -1;
    private boolean addsReturns;

    private PatchRewriting(PatchSurvey survey, Path root, boolean restoresReturns, Path copy) throws IOException {
        this.survey = survey;
        this.root = root;
        this.restoresReturns = restoresReturns;
        this.writer = Files.newBufferedWriter(copy, StandardCharsets.ISO_8859_1);
    }

    /**
     * Write a copy of a patch.
     *
     * @param restoresReturns whether lines get the carriage returns that the files they are for have, and that the patch lost
     */
    static void write(PatchReader reader, PatchSurvey survey, Path root, boolean restoresReturns, Path copy)
            throws IOException {
        try (PatchRewriting rewriting = new PatchRewriting(survey, root, restoresReturns, copy)) {
            reader.read(rewriting);
            if (!survey.endsWithNewline()) {
                rewriting.writer.write(rewriting.addsReturns ? "\r\n" : "\n");
            }
        }
    }

    @Override
    public void header(FileHeader header) throws IOException {
        file++;
        FileHeader written = survey.lacksPrefix(file) ? header.withPrefix() : header;
        if (survey.isAddition(file)) {
            written = written.asAddition();
        }
        for (String line : written.lines()) {
            writer.write(line);
        }
        addsReturns = restoresReturns
                && header.changed().isPresent()
                && hasReturns(header.changed().get());
    }

    @Override
    public void hunk(Hunk hunk, String line) throws IOException {
        writer.write(line);
    }

    @Override
    public void content(String piece, boolean begins) throws IOException {
        boolean line = !(begins && piece.startsWith("\\ "));
        if (addsReturns && line && piece.endsWith("\n")) {
            writer.write(piece, 0, piece.length() - 1);
            writer.write("\r\n");
        } else {
            writer.write(piece);
        }
    }

    @Override
    public void other(String piece) throws IOException {
        writer.write(piece);
    }

    /** Whether the beginning of a file has lines, all of which end with a carriage return and a line feed. */
    private boolean hasReturns(String path) throws IOException {
        Path place = root.resolve(path);
        if (!Files.isRegularFile(place)) {
            return false;
        }
        try (InputStream stream = Files.newInputStream(place)) {
            String start = new String(stream.readNBytes(LOOKED_AT), StandardCharsets.ISO_8859_1);
            return start.contains("\r\n") && !start.replace("\r\n", "").contains("\n");
        }
    }

    @Override
    public void close() throws IOException {
        writer.close();
    }
}
