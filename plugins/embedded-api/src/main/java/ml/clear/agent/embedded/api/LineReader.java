// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Lines of bytes from a stream, one in memory at a time. */
final class LineReader {

    private final InputStream in;
    private byte[] buffer = new byte[1 << 14];
    private int start;
    private int end;
    private int next;
    private int limit;

    LineReader(InputStream in) {
        this.in = in;
    }

    /** Go to the next line; false after the last one. A line end at the very end begins no other line. */
    boolean next() throws IOException {
        start = next;
        int looked = start;
        while (true) {
            for (int i = looked; i < limit; i++) {
                if (buffer[i] == '\n') {
                    end = i;
                    next = i + 1;
                    return true;
                }
            }
            int seen = limit - start;
            if (!fill()) {
                end = limit;
                next = limit;
                return start < limit;
            }
            looked = start + seen;
        }
    }

    /** Move the unfinished line to the front and read on. */
    private boolean fill() throws IOException {
        limit -= start;
        System.arraycopy(buffer, start, buffer, 0, limit);
        start = 0;
        if (limit == buffer.length) {
            buffer = Arrays.copyOf(buffer, buffer.length * 2);
        }
        int read = in.read(buffer, limit, buffer.length - limit);
        limit += Math.max(read, 0);
        return read > 0;
    }

    byte[] buffer() {
        return buffer;
    }

    int from() {
        return start;
    }

    int length() {
        return end - start;
    }
}
