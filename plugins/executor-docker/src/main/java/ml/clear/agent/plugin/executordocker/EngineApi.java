// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.executordocker;

import com.github.dockerjava.transport.DockerHttpClient;
import com.github.dockerjava.transport.DockerHttpClient.Request;
import com.github.dockerjava.transport.DockerHttpClient.Response;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Calls of the engine. The paths carry no version, so the engine answers in its newest one. Safe for several threads.
 *
 * <p>Every call throws an {@link AgentException} {@code SERVER_UNAVAILABLE} when the engine does not answer.
 */
final class EngineApi implements AutoCloseable {

    private static final Duration CONNECTION_LIMIT = Duration.ofSeconds(10);
    private static final int CONNECTIONS = 64;

    private final EngineAddress address;
    private final DockerHttpClient client;

    EngineApi(EngineAddress address) {
        this.address = address;
        EngineCertificates certificates = address.certificates();
        SSLContext trusted = certificates == null ? null : certificates.context();
        this.client = new ZerodepDockerHttpClient.Builder()
                .dockerHost(address.uri())
                .sslConfig(trusted == null ? null : () -> trusted)
                .connectionTimeout(CONNECTION_LIMIT)
                .maxConnections(CONNECTIONS)
                .build();
    }

    /**
     * An answer of the engine.
     *
     * @param status its HTTP status
     * @param body its JSON; missing when there is none
     */
    record Answer(int status, JsonNode body) {

        boolean isGood() {
            return status < 400;
        }

        /** What the engine says about a failure. */
        String message() {
            return body.path("message").asString("HTTP status " + status);
        }
    }

    EngineAddress address() {
        return address;
    }

    Answer get(String path) {
        return call("GET", path, null, Map.of());
    }

    Answer delete(String path) {
        return call("DELETE", path, null, Map.of());
    }

    Answer post(String path) {
        return call("POST", path, Map.of(), Map.of());
    }

    Answer post(String path, Object body) {
        return call("POST", path, body, Map.of());
    }

    /** Whether something exists in a container's files. */
    boolean hasFile(String container, String path) {
        return call("HEAD", "/containers/" + container + "/archive?path=" + encoded(path), null, Map.of())
                .isGood();
    }

    /** Call and leave the answer's body to the caller, who closes the response. */
    Response open(String method, String path, Map<String, String> headers) {
        try {
            return client.execute(request(method, path, null, headers));
        } catch (RuntimeException e) {
            throw unavailable(e);
        }
    }

    private Answer call(String method, String path, @Nullable Object body, Map<String, String> headers) {
        try (Response response = client.execute(request(method, path, body, headers));
                InputStream in = response.getBody()) {
            byte[] bytes = method.equals("HEAD") ? new byte[0] : in.readAllBytes();
            return new Answer(response.getStatusCode(), json(bytes));
        } catch (IOException | RuntimeException e) {
            throw unavailable(e);
        }
    }

    private static Request request(String method, String path, @Nullable Object body, Map<String, String> headers) {
        Request.Builder builder = Request.builder();
        builder.method(method);
        builder.path(path);
        Map<String, String> all = new HashMap<>(headers);
        if (body != null) {
            all.put("Content-Type", "application/json");
            builder.bodyBytes(JsonMapper.shared().writeValueAsBytes(body));
        }
        return builder.headers(all).build();
    }

    /** The JSON of an answer; a text that is none becomes its {@code message}. */
    static JsonNode json(byte[] bytes) {
        try {
            return bytes.length == 0
                    ? JsonMapper.shared().createObjectNode()
                    : JsonMapper.shared().readTree(bytes);
        } catch (JacksonException e) {
            return JsonMapper.shared()
                    .createObjectNode()
                    .put("message", new String(bytes, StandardCharsets.UTF_8).strip());
        }
    }

    /** What keeps the engine from answering, and what to do: each cause has its own sentence. */
    private AgentException unavailable(Exception failure) {
        Optional<Path> socket = address.socket();
        String where = "'" + address.uri() + "', which " + address.origin() + " names";
        if (socket.isPresent() && Files.notExists(socket.get())) {
            return new AgentException(
                    ErrorCode.PROGRAM_MISSING,
                    "no engine listens at " + where
                            + "; install Docker or Podman and start it, or name another address in DOCKER_HOST",
                    failure);
        }
        if (socket.isPresent() && !Files.isWritable(socket.get())) {
            return new AgentException(
                    ErrorCode.PROGRAM_MISSING,
                    "this user may not use the engine at " + where
                            + "; add the user to the group 'docker', or run the agent as a user who may",
                    failure);
        }
        return new AgentException(
                ErrorCode.SERVER_UNAVAILABLE,
                "the engine at " + where + " does not answer: " + rootCause(failure) + "; check that it runs",
                failure);
    }

    private static String rootCause(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage());
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** A query by the engine's filters: each a name with one value. */
    static String filters(Map<String, String> filters) {
        Map<String, List<String>> lists = filters.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> List.of(entry.getValue())));
        return encoded(JsonMapper.shared().writeValueAsString(lists));
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
