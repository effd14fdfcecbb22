// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Stands between an agent and its server: notes every call, and does something at the moments that a test names, while the
 * request or its answer is held back.
 */
final class ServerGate implements AutoCloseable {

    private static final Set<String> OF_THE_CONNECTION =
            Set.of("connection", "content-length", "host", "upgrade", "transfer-encoding", "expect", ":status");

    private final URI target;
    private final HttpServer gate;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .executor(threads)
            .build();
    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private final List<Watch> watches = new CopyOnWriteArrayList<>();

    /** A side of a call. */
    enum Moment {
        /** The server has not seen the request. */
        REQUEST,
        /** The server has answered, and the caller does not know it. */
        ANSWER
    }

    /**
     * A call that came.
     *
     * @param method such as {@code tasks.started}
     * @param nanos when it came
     * @param body what it carried
     */
    record Call(String method, long nanos, String body) {}

    /** What a test does at a moment. */
    @FunctionalInterface
    interface Action {
        void run() throws Exception;
    }

    private record Watch(String method, Moment moment, AtomicBoolean armed, boolean again, Action action) {}

    private ServerGate(URI target) throws IOException {
        this.target = target;
        gate = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        gate.createContext("/", this::pass);
        gate.setExecutor(threads);
        gate.start();
    }

    static ServerGate before(ServerClient server) {
        try {
            return new ServerGate(server.api());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + gate.getAddress().getPort());
    }

    /** At the next such moment, and only then. */
    void once(String method, Moment moment, Action action) {
        watches.add(new Watch(method, moment, new AtomicBoolean(true), false, action));
    }

    /** At every such moment. */
    void always(String method, Moment moment, Action action) {
        watches.add(new Watch(method, moment, new AtomicBoolean(true), true, action));
    }

    /** No moment matters any more. */
    void calm() {
        watches.clear();
    }

    List<Call> calls() {
        return List.copyOf(calls);
    }

    List<Call> calls(String method) {
        return calls.stream().filter(call -> call.method().equals(method)).toList();
    }

    private void pass(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getRawPath();
            String method = path.substring(path.lastIndexOf('/') + 1);
            byte[] body = exchange.getRequestBody().readAllBytes();
            calls.add(new Call(method, System.nanoTime(), new String(body, StandardCharsets.UTF_8)));
            act(method, Moment.REQUEST);
            HttpResponse<byte[]> answer = forward(exchange, body);
            act(method, Moment.ANSWER);
            answer.headers().map().forEach((name, values) -> {
                if (!OF_THE_CONNECTION.contains(name.toLowerCase(Locale.ROOT))) {
                    exchange.getResponseHeaders().put(name, values);
                }
            });
            exchange.sendResponseHeaders(answer.statusCode(), answer.body().length == 0 ? -1 : answer.body().length);
            exchange.getResponseBody().write(answer.body());
        }
    }

    private HttpResponse<byte[]> forward(HttpExchange exchange, byte[] body) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(target.resolve(exchange.getRequestURI()))
                .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(body));
        exchange.getRequestHeaders().forEach((name, values) -> {
            if (!OF_THE_CONNECTION.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> request.header(name, value));
            }
        });
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the gate is closed", e);
        }
    }

    private void act(String method, Moment moment) throws IOException {
        for (Watch watch : watches) {
            if (watch.method().equals(method)
                    && watch.moment() == moment
                    && (watch.again() || watch.armed().compareAndSet(true, false))) {
                try {
                    watch.action().run();
                } catch (Exception e) {
                    throw new IOException("the test's action failed", e);
                }
            }
        }
    }

    @Override
    public void close() {
        gate.stop(0);
        http.shutdownNow();
        threads.shutdownNow();
    }
}
