// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import com.sun.net.httpserver.Headers;
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
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.json.JsonMapper;

/**
 * Stands between agents and their server. Passes everything on and notes it; does something at the moments that a test names,
 * while the request or its answer is held back; and fails in the way that a test sets.
 */
final class ServerGate implements AutoCloseable {

    static {
        System.setProperty("sun.net.httpserver.nodelay", "true"); // or every answer waits 40 ms for its acknowledgement
    }

    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** These belong to one connection, or are counted again. */
    private static final Set<String> NOT_PASSED_ON = Set.of(
            "host", "connection", "content-length", "transfer-encoding", "expect", "upgrade", "http2-settings", "date");

    private static final Set<String> CHANGES =
            Set.of("tasks.dequeue", "tasks.started", "tasks.completed", "tasks.failed", "tasks.stopped");

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
     * @param endpoint such as {@code tasks.started}
     * @param nanos when it came
     */
    record Call(String endpoint, long nanos) {}

    /** What a test does at a moment. */
    @FunctionalInterface
    interface Action {
        void run() throws Exception;
    }

    /** What it does instead of passing on. */
    enum Fault {
        NONE,
        /** No one listens on the port. */
        GONE,
        /** Answers 502 without asking the server. */
        BAD_GATEWAY,
        /** The server does what is asked, and the connection is cut before its answer. */
        ANSWER_LOST
    }

    private record Change(String task, String endpoint) {}

    private record Watch(String endpoint, Moment moment, AtomicBoolean armed, boolean again, Action action) {

        boolean fires(String calledEndpoint, Moment now) {
            return endpoint.equals(calledEndpoint) && moment == now && (again || armed.compareAndSet(true, false));
        }
    }

    private final URI target;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private final List<Watch> watches = new CopyOnWriteArrayList<>();
    private final List<Change> changes = new CopyOnWriteArrayList<>();
    private final AtomicInteger unansweredChanges = new AtomicInteger();
    private final AtomicInteger batches = new AtomicInteger();
    private final AtomicInteger faults = new AtomicInteger();
    private final int port;
    private HttpServer server;
    private volatile Fault fault = Fault.NONE;
    private volatile String only = "";

    ServerGate(URI target) {
        this.target = target;
        this.server = listen(0);
        this.port = server.getAddress().getPort();
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** At the next such moment, and only then. */
    void once(String endpoint, Moment moment, Action action) {
        watches.add(new Watch(endpoint, moment, new AtomicBoolean(true), false, action));
    }

    /** At every such moment. */
    void always(String endpoint, Moment moment, Action action) {
        watches.add(new Watch(endpoint, moment, new AtomicBoolean(true), true, action));
    }

    /** No moment matters any more. */
    void calm() {
        watches.clear();
    }

    /** All calls, in the order in which they came. */
    List<Call> calls() {
        return List.copyOf(calls);
    }

    List<Call> calls(String endpoint) {
        return calls.stream().filter(call -> call.endpoint().equals(endpoint)).toList();
    }

    /** Fails from now on. */
    void fail(Fault how) {
        only = "";
        change(how);
    }

    /** Fails from now on with one endpoint. */
    void failWith(String endpoint, Fault how) {
        only = endpoint;
        change(how);
    }

    /** Passes everything on again. */
    void mend() {
        change(Fault.NONE);
    }

    /** How many requests did not get their answer, except those that were refused a connection. */
    int faults() {
        return faults.get();
    }

    /** How many batches of events have got their answer. */
    int batches() {
        return batches.get();
    }

    /**
     * The changes of a task's status that the server accepted, in order. Waits for changes that are on their way, since
     * the server shows a change before its answer has reached this gate.
     */
    List<String> changes(String task) throws Exception {
        Eventually.holds("the server has answered every change", () -> unansweredChanges.get() == 0);
        return changes.stream()
                .filter(change -> change.task().equals(task))
                .map(Change::endpoint)
                .toList();
    }

    private synchronized void change(Fault how) {
        if (how == Fault.GONE && fault != Fault.GONE) {
            server.stop(0);
        }
        if (how != Fault.GONE && fault == Fault.GONE) {
            server = listen(port);
        }
        fault = how;
    }

    private HttpServer listen(int on) {
        try {
            HttpServer made = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), on), 100);
            made.createContext("/", this::handle);
            made.setExecutor(threads);
            made.start();
            return made;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen on port " + on, e);
        }
    }

    /** An exchange that is closed without an answer closes its connection. */
    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String path = exchange.getRequestURI().getPath();
            String endpoint = path.substring(path.lastIndexOf('/') + 1);
            calls.add(new Call(endpoint, System.nanoTime()));
            act(endpoint, Moment.REQUEST);
            Fault now = only.isEmpty() || only.equals(endpoint) ? fault : Fault.NONE;
            if (now == Fault.BAD_GATEWAY) {
                faults.incrementAndGet();
                byte[] page = "<html>bad gateway</html>".getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().add("Content-Type", "text/html");
                exchange.sendResponseHeaders(502, page.length);
                exchange.getResponseBody().write(page);
                return;
            }
            HttpResponse<byte[]> answer = CHANGES.contains(endpoint)
                    ? passOnChange(exchange, endpoint, body)
                    : http.send(request(exchange, body), HttpResponse.BodyHandlers.ofByteArray());
            act(endpoint, Moment.ANSWER);
            if (now == Fault.ANSWER_LOST) {
                faults.incrementAndGet();
                return;
            }
            answer(exchange, answer);
            if (endpoint.equals("events.add_batch")) {
                batches.incrementAndGet();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private HttpResponse<byte[]> passOnChange(HttpExchange exchange, String endpoint, byte[] body)
            throws IOException, InterruptedException {
        unansweredChanges.incrementAndGet();
        try {
            HttpResponse<byte[]> answer = http.send(request(exchange, body), HttpResponse.BodyHandlers.ofByteArray());
            if (answer.statusCode() == 200) {
                changes.add(new Change(JSON.readTree(body).get("task").asString(), endpoint));
            }
            return answer;
        } finally {
            unansweredChanges.decrementAndGet();
        }
    }

    private void act(String endpoint, Moment moment) throws IOException {
        for (Watch watch : watches) {
            if (watch.fires(endpoint, moment)) {
                try {
                    watch.action().run();
                } catch (Exception e) {
                    throw new IOException("the test's action failed", e);
                }
            }
        }
    }

    private HttpRequest request(HttpExchange exchange, byte[] body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        target.resolve(exchange.getRequestURI().toString()))
                .timeout(LIMIT)
                .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(body));
        exchange.getRequestHeaders().forEach((name, values) -> {
            if (isPassedOn(name)) {
                values.forEach(value -> request.header(name, value));
            }
        });
        return request.build();
    }

    private static void answer(HttpExchange exchange, HttpResponse<byte[]> answer) throws IOException {
        Headers headers = exchange.getResponseHeaders();
        answer.headers().map().forEach((name, values) -> {
            if (isPassedOn(name)) {
                headers.put(name, values);
            }
        });
        byte[] body = answer.body();
        exchange.sendResponseHeaders(answer.statusCode(), body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            exchange.getResponseBody().write(body);
        }
    }

    private static boolean isPassedOn(String header) {
        return !NOT_PASSED_ON.contains(header.toLowerCase(Locale.ROOT));
    }

    @Override
    public synchronized void close() {
        if (fault != Fault.GONE) {
            server.stop(0);
        }
        threads.shutdownNow();
        http.shutdownNow();
    }
}
