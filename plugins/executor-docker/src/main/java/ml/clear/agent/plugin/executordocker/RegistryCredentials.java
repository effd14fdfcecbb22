// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.executordocker;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.process.Command;
import ml.clear.agent.api.process.CommandResult;
import ml.clear.agent.api.secret.Secret;
import ml.clear.agent.api.spi.PluginContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Finds credentials for a registry where docker's own client keeps them: in its configuration, or with its helpers. */
final class RegistryCredentials {

    private static final String HUB = "https://index.docker.io/v1/";
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final PluginContext context;

    RegistryCredentials(PluginContext context) {
        this.context = context;
    }

    /**
     * The value of the header {@code X-Registry-Auth} for an image; empty when none are known.
     *
     * @param notes gets a line for the user when a helper does not answer
     */
    Optional<Secret> header(String image, Consumer<String> notes) throws InterruptedException {
        String registry = registry(image);
        Path file = DockerFiles.folder(context.environment()).resolve("config.json");
        Optional<JsonNode> configuration = DockerFiles.json(file);
        if (configuration.isEmpty()) {
            return Optional.empty();
        }
        JsonNode json = configuration.get();
        String helper = json.path("credHelpers")
                .path(registry)
                .asString(json.path("credsStore").asString(""));
        Map<String, String> login = helper.isEmpty() ? stored(json, registry) : ofHelper(helper, registry, notes);
        if (login.isEmpty()) {
            return Optional.empty();
        }
        login.put("serveraddress", registry);
        String header =
                Base64.getUrlEncoder().encodeToString(JsonMapper.shared().writeValueAsBytes(login));
        Secret secret = Secret.of(header);
        context.secrets().register(secret);
        return Optional.of(secret);
    }

    /** The registry of an image: the part before the first slash, when it looks like a host. */
    static String registry(String image) {
        int slash = image.indexOf('/');
        String first = slash < 0 ? "" : image.substring(0, slash);
        boolean host = first.contains(".") || first.contains(":") || first.equals("localhost");
        return host && !first.equals("docker.io") ? first : HUB;
    }

    private Map<String, String> stored(JsonNode json, String registry) {
        JsonNode auths = json.path("auths");
        JsonNode entry = auths.path(registry);
        if (entry.isMissingNode()) {
            entry = auths.path("https://" + registry);
        }
        Map<String, String> login = new LinkedHashMap<>();
        String pair = entry.path("auth").asString("");
        if (!pair.isEmpty()) {
            String[] words = new String(Base64.getMimeDecoder().decode(pair), StandardCharsets.UTF_8).split(":", 2);
            login.put("username", words[0]);
            login.put("password", words.length > 1 ? words[1].replace("\0", "") : "");
            context.secrets().register(Secret.of(login.getOrDefault("password", "")));
        }
        String token = entry.path("identitytoken").asString("");
        if (!token.isEmpty()) {
            login.put("identitytoken", token);
        }
        return login;
    }

    /** A helper that is missing or knows nothing leaves it to a pull without credentials, as docker does. */
    private Map<String, String> ofHelper(String helper, String registry, Consumer<String> notes)
            throws InterruptedException {
        Map<String, String> login = new LinkedHashMap<>();
        String program = "docker-credential-" + helper;
        JsonNode json;
        try {
            CommandResult result = context.commands()
                    .run(Command.of(installed(program), "get")
                            .input(registry)
                            .timeout(LIMIT)
                            .build());
            if (result.exitCode() != 0) {
                notes.accept("'" + program + "' knows no login for '" + registry + "'; pulling without one");
                return login;
            }
            json = EngineApi.json(result.output().getBytes(StandardCharsets.UTF_8));
        } catch (AgentException e) {
            notes.accept("'" + program + "' does not answer: " + e.getMessage() + "; pulling without a login");
            return login;
        }
        String user = json.path("Username").asString("");
        String secret = json.path("Secret").asString("");
        context.secrets().register(Secret.of(secret));
        if (user.equals("<token>")) {
            login.put("identitytoken", secret);
        } else {
            login.put("username", user);
            login.put("password", secret);
        }
        return login;
    }

    /** Where the agent's own variables find it. */
    private String installed(String program) {
        return Stream.of(context.environment().getOrDefault("PATH", "").split(":"))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst()
                .map(Path::toString)
                .orElse(program);
    }
}
