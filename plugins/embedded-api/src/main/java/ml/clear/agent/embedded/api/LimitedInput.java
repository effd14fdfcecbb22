// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import ml.clear.agent.embedded.store.Refusal;

/** A request's body that may not be longer than a limit, or it is refused, 413. */
final class LimitedInput extends FilterInputStream {

    /** The maximum number of bytes to discard, so that a caller that is still writing reads the answer. */
    private static final long PATIENCE = 1L << 30;

    private final long limit;
    private long left;

    LimitedInput(InputStream in, long limit) {
        super(in);
        this.limit = limit;
        this.left = limit;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int from, int length) throws IOException {
        int read = super.read(buffer, from, length);
        left -= Math.max(read, 0);
        if (left < 0) {
            throw new Refusal(413, 0, "Request is too large: at most " + limit + " bytes are taken");
        }
        return read;
    }

    /** Nothing: the parser closes what it reads from, but what follows may still have to be read. */
    @Override
    public void close() {}

    /** Reads and discards the rest. */
    static void drain(InputStream in) throws IOException {
        byte[] buffer = new byte[1 << 14];
        long patience = PATIENCE;
        int read;
        while (patience > 0 && (read = in.read(buffer)) >= 0) {
            patience -= read;
        }
    }
}
