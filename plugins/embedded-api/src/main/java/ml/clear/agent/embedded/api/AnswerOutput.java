// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** The body of an answer: a short one is sent with its length, a long one in pieces, so that it is never held whole. */
final class AnswerOutput extends OutputStream {

    private static final int SHORT = 1 << 15;

    private final HttpExchange exchange;
    private final int status;
    private final byte[] buffer = new byte[SHORT];
    private int length;
    private @Nullable OutputStream pieces;

    AnswerOutput(HttpExchange exchange, int status) {
        this.exchange = exchange;
        this.status = status;
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
        if (pieces == null && count > buffer.length - length) {
            exchange.sendResponseHeaders(status, 0); // zero means: in pieces
            pieces = exchange.getResponseBody();
            pieces.write(buffer, 0, length);
        }
        if (pieces != null) {
            pieces.write(bytes, from, count);
        } else {
            System.arraycopy(bytes, from, buffer, length, count);
            length += count;
        }
    }

    /** Whether a part was sent, so that the answer cannot be replaced. */
    boolean begun() {
        return pieces != null;
    }

    /** Sends the rest and the end of the answer. */
    void finish() throws IOException {
        if (pieces != null) {
            pieces.close();
            return;
        }
        exchange.sendResponseHeaders(status, length);
        try (OutputStream whole = exchange.getResponseBody()) {
            whole.write(buffer, 0, length);
        }
    }
}
