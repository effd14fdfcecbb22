// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.storages3;

import java.io.FilterInputStream;
import java.io.IOException;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;

/** The body of an answer: closed early, it gives up the connection instead of reading the rest. */
final class S3Stream extends FilterInputStream {

    private final ResponseInputStream<?> body;
    private boolean ended;

    S3Stream(ResponseInputStream<?> body) {
        super(body);
        this.body = body;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        try {
            int read = super.read(buffer, offset, length);
            ended |= read < 0;
            return read;
        } catch (SdkException e) { // such as a checksum that differs
            throw new IOException(e.getMessage(), e);
        }
    }

    @Override
    public void close() throws IOException {
        if (ended) {
            body.close();
        } else {
            body.abort();
        }
    }
}
