// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.function.UnaryOperator;
import ml.clear.agent.embedded.store.Database;
import ml.clear.agent.embedded.store.Json;
import ml.clear.agent.embedded.store.SqliteLibrary;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A server on a free port with its own folder, and a client that speaks as the Python clients do: GET with a body. */
final class TestServer implements AutoCloseable {

    /** A clock that tests move. */
    static final class MovableClock implements InstantSource {
        private volatile Duration offset = Duration.ZERO;

        void advance(Duration by) {
            offset = offset.plus(by);
        }

        @Override
        public Instant instant() {
            return Instant.now().plus(offset);
        }
    }

    final MovableClock clock = new MovableClock();
    final EmbeddedServer server;
    final KeyPairs pairs;
    final KeyPairs.KeyPair keys;
    final Watchdog watchdog;
    private final Stores stores;
    private final HttpClient http = HttpClient.newHttpClient();
    private String token = "";

    TestServer(Path folder) {
        this(folder, options -> options);
    }

    /** A server with other options than the usual ones. */
    TestServer(Path folder, UnaryOperator<EmbeddedServer.Options> change) {
        SqliteLibrary.prepare(Path.of("none"), Path.of("target", "native").toAbsolutePath());
        try {
            DataFolder data = DataFolder.open(folder.resolve("data"));
            Database database = Database.open(data.database());
            pairs = new KeyPairs(database, clock);
            keys = pairs.create("test");
            server = EmbeddedServer.start(
                    data,
                    database,
                    change.apply(EmbeddedServer.Options.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))),
                    clock,
                    clock);
            stores = Stores.in(database, clock);
            watchdog = new Watchdog(stores);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        token = data("auth.login", "{}").path("token").stringValue();
    }

    /** What the server has stored. */
    Stores stores() {
        return stores;
    }

    URI address(String path) {
        return URI.create("http://127.0.0.1:" + server.address().getPort() + path);
    }

    String token() {
        return token;
    }

    String basic() {
        String pair = keys.accessKey() + ":" + keys.secretKey();
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    String authorization() {
        return token.isEmpty() ? basic() : "Bearer " + token;
    }

    HttpResponse<String> send(HttpRequest.Builder request) {
        return send(request, HttpResponse.BodyHandlers.ofString());
    }

    <T> HttpResponse<T> send(HttpRequest.Builder request, HttpResponse.BodyHandler<T> handler) {
        try {
            return http.send(request.timeout(Duration.ofSeconds(30)).build(), handler);
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(address(path)).header("Authorization", authorization());
    }

    /** The whole answer to a GET with a body. */
    JsonNode answer(String path, String body) {
        HttpResponse<String> response = send(request(path.startsWith("/") ? path : "/v2.23/" + path)
                .header("Content-Type", "application/json")
                .method("GET", BodyPublishers.ofString(body.replace('\'', '"'))));
        JsonNode answer = Json.parse(response.body().getBytes(StandardCharsets.UTF_8));
        if (answer.path("meta").path("result_code").asInt() != response.statusCode()) {
            throw new AssertionError("status and result code differ: " + response.body());
        }
        return answer;
    }

    /** The data of a call that must succeed. */
    ObjectNode data(String call, String body) {
        JsonNode answer = answer(call, body);
        if (answer.path("meta").path("result_code").asInt() != 200) {
            throw new AssertionError(call + " " + body + " was refused: " + answer);
        }
        return (ObjectNode) answer.path("data");
    }

    /** The codes of a call, such as {@code 400/101}. */
    String codes(String call, String body) {
        JsonNode meta = answer(call, body).path("meta");
        return meta.path("result_code").asInt() + "/"
                + meta.path("result_subcode").asInt();
    }

    JsonNode lines(String lines) {
        HttpResponse<String> response = send(request("/v2.23/events.add_batch")
                .header("Content-Type", "application/json-lines")
                .method("POST", BodyPublishers.ofString(lines.replace('\'', '"'))));
        return Json.parse(response.body().getBytes(StandardCharsets.UTF_8));
    }

    String newTask(String more) {
        return data("tasks.create", "{'name':'task','type':'training'" + more + "}")
                .path("id")
                .stringValue();
    }

    JsonNode task(String id) {
        return data("tasks.get_by_id", "{'task':'" + id + "'}").path("task");
    }

    @Override
    public void close() {
        http.close();
        server.close();
    }
}
