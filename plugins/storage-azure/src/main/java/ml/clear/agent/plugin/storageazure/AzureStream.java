// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.storageazure;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.Objects;
import java.util.stream.Stream;
import reactor.core.publisher.Flux;

/** The body of an answer, which is read as it arrives; closed early, it gives up the connection instead of reading the rest. */
final class AzureStream extends InputStream {

    /** How many pieces of the JDK's client, of at most 16 KiB, wait to be read. */
    private static final int PIECES = 4;

    private final Stream<ByteBuffer> body;
    private final Iterator<ByteBuffer> pieces;
    private ByteBuffer piece = ByteBuffer.allocate(0);

    AzureStream(Flux<ByteBuffer> body) {
        this.body = body.toStream(PIECES);
        this.pieces = this.body.iterator();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, buffer.length);
        if (length == 0) {
            return 0;
        }
        while (!piece.hasRemaining()) {
            if (!arrives()) {
                return -1;
            }
            piece = pieces.next();
        }
        int count = Math.min(length, piece.remaining());
        piece.get(buffer, offset, count);
        return count;
    }

    private boolean arrives() throws IOException {
        try {
            return pieces.hasNext();
        } catch (RuntimeException e) { // how a stream of Reactor ends that fails
            if (Thread.currentThread().isInterrupted() || AzureCall.isInterruption(e)) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted");
            }
            Throwable reason = e.getCause() == null ? e : e.getCause();
            throw new IOException(reason.getMessage(), e);
        }
    }

    @Override
    public void close() {
        body.close();
    }
}
