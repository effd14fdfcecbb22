// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.storagehttp;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A body that is closed when no byte arrives for a while; the client of the JDK would wait for ever. */
final class StallingBody extends FilterInputStream {

    private final Duration limit;
    private final ScheduledExecutorService alarms;
    private final AtomicBoolean stalled = new AtomicBoolean();

    StallingBody(InputStream body, Duration limit, ScheduledExecutorService alarms) {
        super(body);
        this.limit = limit;
        this.alarms = alarms;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        Future<?> alarm = alarms.schedule(this::giveUp, limit.toMillis(), TimeUnit.MILLISECONDS);
        try {
            int read = super.read(buffer, offset, length);
            if (read < 0 && stalled.get()) {
                throw silent(null);
            }
            return read;
        } catch (IOException e) {
            throw stalled.get() ? silent(e) : e;
        } finally {
            alarm.cancel(false);
        }
    }

    private void giveUp() {
        stalled.set(true);
        try {
            in.close();
        } catch (IOException _) { // the reader reports it
            return;
        }
    }

    private IOException silent(@Nullable Throwable cause) {
        return new IOException("the server sends nothing for " + limit.toSeconds() + " s", cause);
    }
}
