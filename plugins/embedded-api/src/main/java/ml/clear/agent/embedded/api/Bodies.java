// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Semaphore;

/**
 * The bodies of calls. Small ones are read as they come. Large ones are written to a file first and parsed from there
 * one after the other: their total memory is bounded, and a slow caller does not delay others. Safe for several
 * threads.
 */
final class Bodies {

    /** Clients cut batches at 15 MiB. A line of this size takes five times as much memory while it is read. */
    static final int MOST_BYTES = 16 << 20;

    private static final int SMALL = 1 << 16;

    private final Path folder;
    private final Semaphore together = new Semaphore(MOST_BYTES, true);

    /** Large bodies are stored in {@code folder} until they are read. */
    Bodies(Path folder) {
        this.folder = folder;
    }

    /** A body to be read once. */
    static final class Body implements AutoCloseable {

        private final LimitedInput in;
        private final AutoCloseable owned;

        private Body(InputStream in, AutoCloseable owned) {
            this.in = new LimitedInput(in, MOST_BYTES);
            this.owned = owned;
        }

        LimitedInput in() {
            return in;
        }

        /** Let the next one be read. */
        @Override
        public void close() throws IOException {
            try {
                owned.close();
            } catch (IOException | RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IOException(e);
            }
        }
    }

    /**
     * The body of a call; a large one when it is its turn.
     *
     * @throws ml.clear.agent.embedded.store.Refusal 413 when it is too large
     */
    Body open(HttpExchange exchange) throws IOException {
        if (small(exchange.getRequestHeaders())) {
            return new Body(exchange.getRequestBody(), () -> {});
        }
        Path file = Files.createTempFile(folder, "call-", ".part");
        FileChannel channel = FileChannel.open(
                file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
        try {
            new LimitedInput(exchange.getRequestBody(), MOST_BYTES).transferTo(Channels.newOutputStream(channel));
            int size = (int) channel.size();
            channel.position(0);
            together.acquireUninterruptibly(size);
            return new Body(Channels.newInputStream(channel), () -> {
                together.release(size);
                channel.close();
            });
        } catch (IOException e) {
            channel.close();
            if (FileQuota.isDiskFull(e)) {
                throw FileQuota.databaseOnFullDisk();
            }
            throw e;
        } catch (RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static boolean small(Headers headers) {
        if (headers.containsKey("Transfer-Encoding")) {
            return false;
        }
        String length = headers.getFirst("Content-Length");
        return length == null || (length.length() < 10 && Integer.parseInt(length) <= SMALL);
    }
}
