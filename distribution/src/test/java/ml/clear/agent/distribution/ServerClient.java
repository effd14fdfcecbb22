// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The REST API of the embedded server, asked as any program of its user may: with the key pair from its data folder. */
final class ServerClient {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final HttpClient http;
    private final URI api;
    private final long pid;
    private final JsonNode credentials;
    private final String token;

    private ServerClient(HttpClient http, URI api, long pid, JsonNode credentials) {
        this.http = http;
        this.api = api;
        this.pid = pid;
        this.credentials = credentials;
        String pair = credentials.get("access_key").asString() + ":"
                + credentials.get("secret_key").asString();
        String basic = Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
        token = call("auth.login", "Basic " + basic, Map.of()).get("token").asString();
    }

    static ServerClient of(Path data) {
        JsonNode server = secret(data.resolve("server.json"));
        URI api = URI.create(server.get("api").asString());
        return new ServerClient(
                api.getScheme().equals("https")
                        ? trusting(data.resolve("certificate.pem"))
                        : HttpClient.newHttpClient(),
                api,
                server.get("pid").asLong(),
                secret(data.resolve("credentials.json")));
    }

    /** A client of the server that made this certificate for itself. */
    private static HttpClient trusting(Path certificate) {
        try (InputStream file = Files.newInputStream(certificate)) {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            store.setCertificateEntry(
                    "server", CertificateFactory.getInstance("X.509").generateCertificate(file));
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return HttpClient.newBuilder().sslContext(context).build();
        } catch (IOException | GeneralSecurityException e) {
            throw new AssertionError("cannot trust '" + certificate + "'", e);
        }
    }

    private static JsonNode secret(Path file) {
        try {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .as(file.toString())
                    .isEqualTo("rw-------");
            return JSON.readTree(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    URI api() {
        return api;
    }

    long pid() {
        return pid;
    }

    /** The pair of keys, {@code access_key} and {@code secret_key}. */
    JsonNode credentials() {
        return credentials;
    }

    /** Call a method; its data. */
    JsonNode call(String method, Map<String, ?> body) {
        return call(method, "Bearer " + token, body);
    }

    private JsonNode call(String method, String authorization, Map<String, ?> body) {
        HttpResponse<byte[]> response = send(HttpRequest.newBuilder(api.resolve("/" + method))
                .header("Authorization", authorization)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body))));
        assertThat(response.statusCode())
                .as(() -> method + ": " + new String(response.body(), StandardCharsets.UTF_8))
                .isEqualTo(200);
        return JSON.readTree(response.body()).get("data");
    }

    /** The bytes of a file on the files server. */
    byte[] download(URI file) {
        HttpResponse<byte[]> response = send(HttpRequest.newBuilder(file)
                .header("Authorization", "Bearer " + token)
                .GET());
        assertThat(response.statusCode()).as(file.toString()).isEqualTo(200);
        return response.body();
    }

    private HttpResponse<byte[]> send(HttpRequest.Builder request) {
        try {
            return http.send(request.timeout(LIMIT).build(), HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for the server", e);
        }
    }

    /** The ids of all tasks, the first one first. */
    List<String> tasks() {
        List<String> ids = new ArrayList<>();
        for (JsonNode task : call(
                        "tasks.get_all_ex", Map.of("order_by", List.of("created"), "only_fields", List.of("id")))
                .get("tasks")) {
            ids.add(task.get("id").asString());
        }
        return ids;
    }

    /** The task that was made last. */
    JsonNode lastTask() {
        return task(tasks().getLast());
    }

    JsonNode task(String id) {
        return call("tasks.get_by_id", Map.of("task", id)).get("task");
    }

    /** All lines of a task's console, in order, each event once. */
    List<String> console(String task) {
        return String.join("", messages(task)).lines().toList();
    }

    /** The messages of a task's console, in order, each event once; one may hold many lines. */
    List<String> messages(String task) {
        List<String> messages = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        JsonNode page = call("events.get_task_log", Map.of("task", task, "order", "asc", "batch_size", 500));
        assertThat(page.get("total").asLong()).as("fits into a page").isLessThanOrEqualTo(500);
        for (JsonNode event : page.get("events")) {
            assertThat(seen.add(event.toString())).as("told once: " + event).isTrue();
            messages.add(event.get("msg").asString());
        }
        return messages;
    }
}
