// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.storagegcs;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A store and an issuer of tokens whose answers a test chooses; an object of one byte unless it does. */
final class StubGoogle implements AutoCloseable {

    static final String TOKEN = "the-token-of-the-stub";

    private static final String OBJECT =
            "{\"name\": \"object\", \"bucket\": \"bucket\", \"size\": \"1\", \"generation\": \"7\"}";

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private volatile Answer answer = new Answer(200, OBJECT);
    private volatile Answer token =
            new Answer(200, "{\"access_token\": \"" + TOKEN + "\", \"expires_in\": 3600, \"token_type\": \"Bearer\"}");

    private record Answer(int status, String body) {}

    private StubGoogle(HttpServer server) {
        this.server = server;
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().getFirst("Authorization"));
            send(exchange, answer);
        });
        server.createContext("/token", exchange -> send(exchange, token));
        server.start();
    }

    static StubGoogle start() throws IOException {
        return new StubGoogle(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
    }

    private static void send(HttpExchange exchange, Answer answer) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(answer.status(), body.length);
            exchange.getResponseBody().write(body);
        }
    }

    String address() {
        return "http://localhost:" + server.getAddress().getPort();
    }

    /** The requests to the store: method, path, authorization. */
    List<String> requests() {
        return List.copyOf(requests);
    }

    /** Refuse every request to the store. */
    void refuse(int status, String reason, String message) {
        answer = new Answer(
                status,
                "{\"error\": {\"code\": %d, \"message\": \"%s\", \"errors\": [{\"reason\": \"%s\", \"message\": \"%s\"}]}}"
                        .formatted(status, message, reason, message));
    }

    /** Refuse every request for a token. */
    void refuseTokens(int status, String description) {
        token = new Answer(status, "{\"error\": \"invalid_grant\", \"error_description\": \"" + description + "\"}");
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
