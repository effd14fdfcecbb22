// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.executordocker;

import com.github.dockerjava.transport.DockerHttpClient.Response;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.secret.Secret;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Gets an image from its registry, with a line of progress for each layer. */
final class ImagePull {

    private static final int TRIES = 3;
    private static final long PAUSE_SECONDS = 2;
    private static final long MEGABYTE = 1_000_000;

    private final EngineApi engine;
    private final RegistryCredentials credentials;
    private final Consumer<String> progress;

    /** @param progress gets lines for the user */
    ImagePull(EngineApi engine, RegistryCredentials credentials, Consumer<String> progress) {
        this.engine = engine;
        this.credentials = credentials;
        this.progress = progress;
    }

    /** The engine's description of an image that it has; empty when it has none. */
    Optional<JsonNode> present(String image) {
        EngineApi.Answer answer = engine.get("/images/" + image + "/json");
        return answer.isGood() ? Optional.of(answer.body()) : Optional.empty();
    }

    /**
     * Pull it.
     *
     * @param platform such as {@code linux/arm64}; empty for the engine's own
     * @throws AgentException {@code NOT_FOUND} when the registry has no such image or does not show it to us, {@code
     *     SERVER_UNAVAILABLE} when it cannot be reached after several tries
     */
    void pull(String image, String platform) throws InterruptedException {
        progress.accept("pulling image '" + image + "'");
        AgentException last = null;
        for (int attempt = 1; attempt <= TRIES; attempt++) {
            try {
                once(image, platform);
                progress.accept("pulled image '" + image + "'");
                return;
            } catch (AgentException e) {
                if (e.code() != ErrorCode.SERVER_UNAVAILABLE) {
                    throw e;
                }
                last = e;
            }
            TimeUnit.SECONDS.sleep(PAUSE_SECONDS * attempt);
        }
        throw last == null ? new IllegalStateException("no try was made") : last;
    }

    private void once(String image, String platform) throws InterruptedException {
        Map<String, String> headers = new HashMap<>();
        Optional<Secret> login = credentials.header(image);
        login.ifPresent(secret -> headers.put("X-Registry-Auth", secret.reveal()));
        String path = "/images/create?fromImage=" + EngineApi.encoded(named(image))
                + (platform.isEmpty() ? "" : "&platform=" + EngineApi.encoded(platform));
        try (Response response = engine.open("POST", path, headers);
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(response.getBody(), StandardCharsets.UTF_8))) {
            Set<String> reported = new HashSet<>();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JsonNode event = JsonMapper.shared().readTree(line);
                String error = event.path("error")
                        .asString(
                                response.getStatusCode() >= 400
                                        ? event.path("message").asString("")
                                        : "");
                if (!error.isEmpty()) {
                    throw failed(image, error, response.getStatusCode());
                }
                report(event, reported);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One line when a layer is complete, with its size: a log has no place for moving bars. */
    private void report(JsonNode event, Set<String> reported) {
        String layer = event.path("id").asString("");
        String status = event.path("status").asString("");
        if (!layer.isEmpty() && status.equals("Downloading") && reported.add(layer)) {
            long total = event.path("progressDetail").path("total").asLong(0);
            progress.accept(
                    "pulling layer " + layer + (total > 0 ? ", " + (total + MEGABYTE / 2) / MEGABYTE + " MB" : ""));
        }
    }

    /** Without a tag the engine would pull all tags. */
    private static String named(String image) {
        String last = image.substring(image.lastIndexOf('/') + 1);
        return last.contains(":") || last.contains("@") ? image : image + ":latest";
    }

    private static AgentException failed(String image, String reason, int status) {
        boolean ofImage = status == 404
                || reason.contains("not found")
                || reason.contains("manifest unknown")
                || reason.contains("denied")
                || reason.contains("unauthorized")
                || reason.contains("invalid reference");
        return new AgentException(
                ofImage ? ErrorCode.NOT_FOUND : ErrorCode.SERVER_UNAVAILABLE,
                "cannot pull image '" + image + "': " + reason
                        + (ofImage ? "; check its name, and that 'docker login' was done for its registry" : ""));
    }
}
