// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import com.sun.net.httpserver.HttpExchange;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import ml.clear.agent.embedded.store.Json;
import ml.clear.agent.embedded.store.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * Ends requests whose callers have fallen silent: in the middle of a request, or of an answer that they do not read.
 * The total time of a request is not limited, since files may be large and connections slow. Safe for several threads.
 */
final class SilentCallers {

    static final Duration PATIENCE = Duration.ofSeconds(60);
    static final Duration PERIOD = Duration.ofSeconds(5);

    private static final System.Logger LOG = System.getLogger(SilentCallers.class.getName());
    private static final ScopedValue<Request> CURRENT = ScopedValue.newInstance();
    private static final long AT_WORK = Long.MAX_VALUE;

    private final Set<Request> open = ConcurrentHashMap.newKeySet();
    private final Duration patience;

    /** Waits this long for data. */
    SilentCallers(Duration patience) {
        this.patience = patience;
    }

    /** Do the work of a request, in its own thread, from its first byte on. */
    void watch(Runnable work) {
        Request request = new Request();
        open.add(request);
        try {
            ScopedValue.where(CURRENT, request).run(work);
        } finally {
            open.remove(request);
        }
    }

    /** The head of the request that this thread works on is read: from here on its streams are watched. */
    static void begin(HttpExchange exchange) {
        Request request = CURRENT.get();
        request.exchange = exchange;
        request.waitingSince = AT_WORK;
        exchange.setStreams(
                new WatchedInput(exchange.getRequestBody(), request),
                new WatchedOutput(exchange.getResponseBody(), request));
    }

    /** Truncates the answer of this thread, so that the caller detects that it is incomplete. */
    static void breakOff() {
        CURRENT.get().broken = true;
    }

    /** Look once, every {@link #PERIOD}; from one thread. */
    void look() {
        long earliest = System.nanoTime() - patience.toNanos();
        for (Request request : open) {
            if (request.waitingSince != AT_WORK && request.waitingSince - earliest < 0) {
                request.end();
            }
        }
    }

    private static final class Request {

        private final Thread thread = Thread.currentThread();
        private volatile @Nullable HttpExchange exchange;
        private boolean broken;
        private volatile long waitingSince = System.nanoTime();

        /** The interruption closes the connection; the thread then finds it closed. */
        void end() {
            HttpExchange present = exchange;
            if (present != null) {
                refuse(present);
            }
            thread.interrupt();
        }

        private static void refuse(HttpExchange exchange) {
            byte[] answer =
                    Json.bytes(Envelope.UNREADABLE.refusal(new Refusal(408, 0, "Request time-out: nothing more came")));
            try {
                exchange.getResponseHeaders().set("Connection", "close");
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                exchange.sendResponseHeaders(408, answer.length);
                // Not closed: that would wait for the rest of the request.
                OutputStream out = exchange.getResponseBody();
                out.write(answer);
                out.flush();
            } catch (IOException e) {
                LOG.log(System.Logger.Level.DEBUG, "a caller fell silent in the middle of its answer", e);
            }
        }
    }

    private static final class WatchedInput extends FilterInputStream {

        private final Request request;

        WatchedInput(InputStream in, Request request) {
            super(in);
            this.request = request;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int from, int length) throws IOException {
            request.waitingSince = System.nanoTime();
            try {
                return super.read(buffer, from, length);
            } finally {
                request.waitingSince = AT_WORK;
            }
        }
    }

    private static final class WatchedOutput extends FilterOutputStream {

        private final Request request;

        WatchedOutput(OutputStream out, Request request) {
            super(out);
            this.request = request;
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            request.waitingSince = System.nanoTime();
            try {
                out.write(bytes, from, length);
            } finally {
                request.waitingSince = AT_WORK;
            }
        }

        @Override
        public void flush() throws IOException {
            request.waitingSince = System.nanoTime();
            try {
                out.flush();
            } finally {
                request.waitingSince = AT_WORK;
            }
        }

        /** Writes what is left, too. */
        @Override
        public void close() throws IOException {
            if (request.broken) {
                throw new IOException("the answer was broken off");
            }
            request.waitingSince = System.nanoTime();
            try {
                out.close();
            } finally {
                request.waitingSince = AT_WORK;
            }
        }
    }
}
