// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.report;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The lines of a spool from a place on, as they become whole. For one thread. */
final class SpoolLines implements AutoCloseable {

    private static final int CHUNK_BYTES = 64 << 10;

    private final SpoolReader reader;
    private final LineAssembler assembler;
    private final ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES);

    SpoolLines(SpoolSegments segments, SpoolPosition start, ConsoleForm form) {
        this(segments, start, SpoolPosition.ENDLESS, form);
    }

    /** The lines up to a place, which may be inside of one. */
    SpoolLines(SpoolSegments segments, SpoolPosition start, SpoolPosition end, ConsoleForm form) {
        this.reader = new SpoolReader(segments, start, end);
        this.assembler = new LineAssembler(form);
    }

    /** The place up to which it has been read. */
    SpoolPosition position() {
        return reader.position();
    }

    /** Read one chunk; empty when there is nothing new now. The list may be empty when a line is longer than the chunk. */
    Optional<List<SpoolLine>> next() throws IOException {
        int count = reader.read(chunk.clear());
        if (count == 0) {
            return Optional.empty();
        }
        List<SpoolLine> lines = new ArrayList<>();
        SpoolPosition end = reader.position();
        assembler.feed(chunk.array(), count, new SpoolPosition(end.segment(), end.offset() - count), lines::add);
        return Optional.of(lines);
    }

    /**
     * The unfinished line as it is now.
     *
     * @param quiet whether nothing was added to it for a while
     */
    Optional<SpoolLine> progress(boolean quiet) {
        return assembler.progress(quiet, reader.position());
    }

    /** All that was read of the unfinished line, as a piece of it. */
    Optional<SpoolLine> piece() {
        return assembler.piece(reader.position());
    }

    /** What a terminal shows of the unfinished line, which stays. */
    String state() {
        return assembler.state();
    }

    /** The last line, when the output is over and it has no line end. */
    Optional<SpoolLine> rest() {
        return assembler.rest(reader.position());
    }

    boolean unfinished() {
        return assembler.unfinished();
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
