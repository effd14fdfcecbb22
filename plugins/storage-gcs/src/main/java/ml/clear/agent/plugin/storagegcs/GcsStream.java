// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.storagegcs;

import com.google.api.client.http.HttpResponse;
import com.google.cloud.ReadChannel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The body of an answer: closed early, it gives up the connection instead of reading the rest. */
final class GcsStream extends InputStream {

    private static final int START = 1 << 13;

    private final ReadChannel channel;
    private final ByteBuffer start = ByteBuffer.allocate(START);
    private boolean ended;
    private @Nullable HttpResponse answer;

    GcsStream(ReadChannel channel) {
        this.channel = channel;
    }

    /** Send the request, and read the first bytes of the answer. */
    void open() throws IOException {
        ended = channel.read(start) < 0;
        start.flip();
    }

    /** What answered, to be given up. */
    void answeredBy(HttpResponse response) {
        answer = response;
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
        if (start.hasRemaining()) {
            int count = Math.min(length, start.remaining());
            start.get(buffer, offset, count);
            return count;
        }
        if (ended) {
            return -1;
        }
        int read = channel.read(ByteBuffer.wrap(buffer, offset, length));
        ended = read < 0;
        return read;
    }

    @Override
    public void close() throws IOException {
        if (!ended && answer != null) {
            answer.disconnect();
        }
        channel.close();
    }
}
