// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.report;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads from the spool once more what a sender that died was about to send, cut as it had been cut. */
final class IntendedBatch {

    private IntendedBatch() {}

    /** A piece for each end of the intent; one without a message was no line of the spool and cannot be sent again. */
    static List<Batch.Piece> read(SpoolSegments segments, ShippingProgress shipped, ConsoleForm form)
            throws IOException {
        List<Batch.Piece> pieces = new ArrayList<>();
        SpoolPosition start = shipped.position();
        for (SpoolPosition end : shipped.intent()) {
            pieces.add(new Batch.Piece(Batch.OUTPUT_LEVEL, message(segments, start, end, form), end));
            start = end;
        }
        return pieces;
    }

    private static String message(SpoolSegments segments, SpoolPosition start, SpoolPosition end, ConsoleForm form)
            throws IOException {
        StringBuilder message = new StringBuilder();
        try (SpoolLines lines = new SpoolLines(segments, start, end, form)) {
            Optional<List<SpoolLine>> read = lines.next();
            while (read.isPresent()) {
                read.get().forEach(line -> message.append(line.shown()));
                read = lines.next();
            }
            lines.piece().ifPresent(line -> message.append(line.shown()));
        }
        return message.toString();
    }
}
