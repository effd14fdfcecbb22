// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.report;

import java.util.ArrayList;
import java.util.List;

/**
 * Lines for one request, gathered into events: up to 64 Ki characters an event and 1 Mi characters a request, unless one
 * line or piece of a line alone is longer. None is spread over two events. For one thread.
 */
final class Batch {

    /** A piece of the console under one time. */
    record Piece(String level, String message, SpoolPosition end) {}

    static final String OUTPUT_LEVEL = "DEBUG";

    private static final int EVENT_CHARACTERS = 1 << 16;
    private static final int REQUEST_CHARACTERS = 1 << 20;

    private final List<Piece> done = new ArrayList<>();
    private final StringBuilder message = new StringBuilder();
    private SpoolPosition end = SpoolPosition.START;
    private int characters;

    /** Whether this line too may go with the request. */
    boolean takes(SpoolLine line) {
        return isEmpty()
                || (characters + line.text().length() < REQUEST_CHARACTERS
                        && done.size() < ShippedFile.MOST_EVENTS - 1);
    }

    void add(SpoolLine line) {
        String shown = line.shown();
        if (message.length() + shown.length() > EVENT_CHARACTERS) {
            endPiece();
        }
        message.append(shown);
        characters += shown.length();
        end = line.end();
    }

    boolean isEmpty() {
        return done.isEmpty() && message.isEmpty();
    }

    /** The pieces; the batch is empty afterwards. */
    List<Piece> take() {
        endPiece();
        List<Piece> pieces = List.copyOf(done);
        done.clear();
        characters = 0;
        return pieces;
    }

    private void endPiece() {
        if (!message.isEmpty()) {
            done.add(new Piece(OUTPUT_LEVEL, message.toString(), end));
            message.setLength(0);
        }
    }
}
