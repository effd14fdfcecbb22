// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.executordocker;

import com.github.dockerjava.transport.DockerHttpClient.Response;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.secret.Secret;
import tools.jackson.databind.JsonNode;

/** Gets an image from its registry, with a line of progress for each layer. */
final class ImagePull {

    private static final int TRIES = 3;
    private static final long PAUSE_SECONDS = 2;

    private final EngineApi engine;
    private final RegistryCredentials credentials;
    private final Function<String, PullDisplay> displays;
    private final Consumer<String> messages;

    /**
     * Pulls.
     *
     * @param displays shows the pull of an image
     * @param messages gets lines for the user
     */
    ImagePull(
            EngineApi engine,
            RegistryCredentials credentials,
            Function<String, PullDisplay> displays,
            Consumer<String> messages) {
        this.engine = engine;
        this.credentials = credentials;
        this.displays = displays;
        this.messages = messages;
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
        for (int attempt = 1; ; attempt++) {
            try {
                once(image, platform);
                return;
            } catch (AgentException e) {
                if (e.code() != ErrorCode.SERVER_UNAVAILABLE || attempt == TRIES) {
                    throw e;
                }
                messages.accept(e.getMessage() + "; trying again");
            }
            TimeUnit.SECONDS.sleep(PAUSE_SECONDS * attempt);
        }
    }

    private void once(String image, String platform) throws InterruptedException {
        Map<String, String> headers = new HashMap<>();
        Optional<Secret> login = credentials.header(image, messages);
        login.ifPresent(secret -> headers.put("X-Registry-Auth", secret.reveal()));
        String path = "/images/create?fromImage=" + EngineApi.encoded(named(image))
                + (platform.isEmpty() ? "" : "&platform=" + EngineApi.encoded(platform));
        PullDisplay display = displays.apply(image);
        boolean complete = false;
        try (Response response = engine.open("POST", path, headers);
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(response.getBody(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JsonNode event = EngineApi.json(line.getBytes(StandardCharsets.UTF_8));
                String error = event.path("error")
                        .asString(
                                response.getStatusCode() >= 400
                                        ? event.path("message").asString("")
                                        : "");
                if (!error.isEmpty()) {
                    throw failed(image, error, response.getStatusCode());
                }
                display.event(event);
            }
            complete = true;
        } catch (IOException e) {
            throw failed(image, "the engine's answer broke off: " + e, 0);
        } finally {
            if (!complete) {
                display.abandon();
            }
        }
        display.end();
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
                || reason.contains("no basic auth credentials")
                || reason.contains("authentication required")
                || reason.contains("no such host")
                || reason.contains("invalid reference");
        return new AgentException(
                ofImage ? ErrorCode.NOT_FOUND : ErrorCode.SERVER_UNAVAILABLE,
                "cannot pull image '" + image + "': " + reason
                        + (ofImage ? "; check its name, and that 'docker login' was done for its registry" : ""));
    }
}
