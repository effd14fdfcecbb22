// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;

/** Gives some bytes, then nothing more until its thread is interrupted. */
final class StalledStream extends InputStream {

    private static final int GIVEN = 100_000;

    private final CountDownLatch stalled;
    private int given;

    /** @param stalled opened when all bytes have been given */
    StalledStream(CountDownLatch stalled) {
        this.stalled = stalled;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0];
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int count = Math.min(length, GIVEN - given);
        if (count > 0) {
            Arrays.fill(buffer, offset, offset + count, (byte) 'x');
            given += count;
            return count;
        }
        stalled.countDown();
        try {
            new CountDownLatch(1).await();
            return -1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }
}
