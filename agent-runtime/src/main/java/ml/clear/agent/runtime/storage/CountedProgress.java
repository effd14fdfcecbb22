// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.storage;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import ml.clear.agent.api.storage.ObjectSource;
import ml.clear.agent.api.storage.TransferProgress;

/** Adds up what the parts of a transfer move. Safe for several threads. */
final class CountedProgress {

    private final TransferProgress listener;
    private final long total;
    private long done;

    /** @param total bytes in all, -1 when not known */
    CountedProgress(TransferProgress listener, long total) {
        this.listener = listener;
        this.total = total;
    }

    /** Bytes have moved; negative when they must be moved again. */
    synchronized void add(long bytes) {
        if (bytes != 0) {
            done += bytes;
            listener.moved(done, total);
        }
    }

    /** The same bytes, counted while they are read; each time they are opened again the count of the time before is taken back. */
    ObjectSource counted(ObjectSource source) {
        Tally tally = new Tally();
        return ObjectSource.of(source.size(), () -> {
            tally.restart();
            return new CountedStream(source.open(), tally);
        });
    }

    private final class Tally {

        private long moved;

        synchronized void restart() {
            add(-moved);
            moved = 0;
        }

        synchronized void move(long bytes) {
            moved += bytes;
            add(bytes);
        }
    }

    private static final class CountedStream extends FilterInputStream {

        private final Tally tally;

        CountedStream(InputStream in, Tally tally) {
            super(in);
            this.tally = tally;
        }

        @Override
        public int read() throws IOException {
            int octet = super.read();
            tally.move(octet < 0 ? 0 : 1);
            return octet;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int read = super.read(buffer, offset, length);
            tally.move(Math.max(0, read));
            return read;
        }

        @Override
        public boolean markSupported() {
            return false;
        }
    }
}
