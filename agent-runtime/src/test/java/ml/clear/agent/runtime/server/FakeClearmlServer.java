// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.server;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Not a ClearML server: a real HTTP server whose answers a test writes down beforehand, one after the other for each
 * endpoint; the last one is given for ever. Logins succeed by themselves, each with a new token.
 */
final class FakeClearmlServer implements AutoCloseable {

    static final String ACCESS_KEY = "KEYKEYKEYKEY";
    static final String SECRET_KEY = "s3cr3t-that-nobody-may-see";

    private final HttpServer server;
    private final String scheme;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Queue<Reaction>> reactions = new ConcurrentHashMap<>();
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final CountDownLatch released = new CountDownLatch(1);
    private final AtomicInteger logins = new AtomicInteger();
    private volatile Duration tokenLife = Duration.ofDays(30);

    /** What is done with a request. */
    @FunctionalInterface
    interface Reaction {
        void to(HttpExchange exchange) throws IOException;
    }

    /** A request as it came. */
    record Received(String method, String path, String authorization, Map<String, List<String>> headers, String text) {

        Json json() {
            return JsonFormat.read(text.getBytes(StandardCharsets.UTF_8));
        }

        String header(String name) {
            return String.join(",", headers.getOrDefault(name, List.of()));
        }
    }

    private FakeClearmlServer(HttpServer server, String scheme) {
        this.server = server;
        this.scheme = scheme;
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    static FakeClearmlServer start() {
        return start(InetAddress.getLoopbackAddress());
    }

    static FakeClearmlServer start(InetAddress address) {
        try {
            return new FakeClearmlServer(HttpServer.create(new InetSocketAddress(address, 0), 50), "http");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    static FakeClearmlServer start(SSLContext identity) {
        return start(InetAddress.getLoopbackAddress(), identity);
    }

    static FakeClearmlServer start(InetAddress address, SSLContext identity) {
        try {
            HttpsServer server = HttpsServer.create(new InetSocketAddress(address, 0), 50);
            server.setHttpsConfigurator(new HttpsConfigurator(identity));
            return new FakeClearmlServer(server, "https");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    int port() {
        return server.getAddress().getPort();
    }

    URI address() {
        InetAddress address = server.getAddress().getAddress();
        String host = address.isLoopbackAddress() ? "localhost" : address.getHostAddress();
        return URI.create(scheme + "://" + host + ":" + port());
    }

    /** How long the next tokens live. */
    FakeClearmlServer tokensLive(Duration life) {
        tokenLife = life;
        return this;
    }

    /** Writes down what to do with the requests for an endpoint; the last one stays. */
    FakeClearmlServer on(String endpoint, Reaction... planned) {
        reactions.computeIfAbsent(endpoint, _ -> new ConcurrentLinkedQueue<>()).addAll(List.of(planned));
        return this;
    }

    /** Requests for an endpoint so far. */
    List<Received> received(String endpoint) {
        return received.stream()
                .filter(request -> request.path().endsWith("/" + endpoint))
                .toList();
    }

    static Reaction answer(String data) {
        return exchange -> send(exchange, 200, "application/json", envelope(200, 0, "OK", data));
    }

    static Reaction refuse(int code, int subcode, String message) {
        return exchange -> send(exchange, code, "application/json", envelope(code, subcode, message, "{}"));
    }

    static Reaction raw(int status, String type, String body) {
        return exchange -> send(exchange, status, type, body);
    }

    static Reaction later(int status, String seconds) {
        return exchange -> {
            exchange.getResponseHeaders().add("Retry-After", seconds);
            send(exchange, status, "text/html", "<html><h1>busy</h1></html>");
        };
    }

    static Reaction redirect(String place) {
        return exchange -> {
            exchange.getResponseHeaders().add("Location", place);
            send(exchange, 302, "text/html", "");
        };
    }

    /** Ends the connection after the request has been read, without an answer. */
    static Reaction drop() {
        return HttpExchange::close;
    }

    /** Ends the connection in the middle of the answer. */
    static Reaction tear() {
        return exchange -> {
            exchange.sendResponseHeaders(200, 1000);
            exchange.getResponseBody().write("{\"meta\":".getBytes(StandardCharsets.UTF_8));
            exchange.close();
        };
    }

    /** Says nothing until the server is closed. */
    Reaction hang() {
        return exchange -> {
            try {
                released.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            exchange.close();
        };
    }

    static String envelope(int code, int subcode, String message, String data) {
        String meta = Json.object()
                .with("id", "0123456789abcdef0123456789abcdef")
                .with("result_code", code)
                .with("result_subcode", subcode)
                .with("result_msg", message)
                .build()
                .text();
        return "{\"meta\":" + meta + ",\"data\":" + data + "}";
    }

    private void handle(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String path = exchange.getRequestURI().getPath();
        String endpoint = path.substring(path.lastIndexOf('/') + 1);
        received.add(new Received(
                exchange.getRequestMethod(),
                path,
                String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")),
                Map.copyOf(exchange.getRequestHeaders()),
                body));
        Reaction reaction = next(endpoint);
        if (reaction == null) {
            reaction = endpoint.equals("auth.login") ? this::login : refuse(404, 0, "Unable to find endpoint");
        }
        reaction.to(exchange);
    }

    private @Nullable Reaction next(String endpoint) {
        Queue<Reaction> planned = reactions.get(endpoint);
        if (planned == null) {
            return null;
        }
        return planned.size() > 1 ? planned.poll() : planned.peek();
    }

    /** A login that succeeds. */
    void login(HttpExchange exchange) throws IOException {
        answer(Json.object()
                        .with("token", token(logins.incrementAndGet()))
                        .build()
                        .text())
                .to(exchange);
    }

    /** The token of a login, counted from 1. */
    String token(int number) {
        long now = Instant.now().getEpochSecond();
        String claims = Json.object()
                .with("iat", now)
                .with("exp", now + tokenLife.toSeconds())
                .with("api_version", "2.34")
                .build()
                .text();
        Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
        return encoder.encodeToString("{}".getBytes(StandardCharsets.UTF_8)) + "."
                + encoder.encodeToString(claims.getBytes(StandardCharsets.UTF_8)) + ".login" + number;
    }

    private static void send(HttpExchange exchange, int status, String type, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        released.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
