// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.server;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.function.Consumer;

/**
 * The body of a request: documents one a line, encoded again each time it is written, so that it is never held as a whole.
 * The server wants the length first, so it is encoded once more to measure it.
 *
 * @param type the exact content type: the server compares the whole value, so that a character set would spoil it
 * @param documents hands each document to its argument
 */
record Content(String type, Consumer<Consumer<Json>> documents) {

    /** One document. */
    static Content document(Json document) {
        return new Content("application/json", target -> target.accept(document));
    }

    /** Writes it; leaves the stream open. */
    void writeTo(OutputStream target) throws IOException {
        JsonFormat.writeLines(target, documents);
    }

    /** The number of bytes that {@link #writeTo} writes. */
    long length() {
        Counter counter = new Counter();
        try {
            writeTo(counter);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return counter.count;
    }

    /** Counts and forgets. */
    private static final class Counter extends OutputStream {

        private long count;

        @Override
        public void write(int single) {
            count++;
        }

        @Override
        public void write(byte[] bytes, int from, int length) {
            count += length;
        }
    }
}
