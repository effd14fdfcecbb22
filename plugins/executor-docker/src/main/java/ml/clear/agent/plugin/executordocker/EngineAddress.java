// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.executordocker;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Where the engine listens, as docker's own client finds it: {@code DOCKER_HOST}, else the current context, else the usual
 * socket.
 *
 * @param uri {@code unix:} or {@code tcp:}
 * @param origin what named it, for messages
 */
record EngineAddress(URI uri, String origin) {

    private static final String DOCKER_SOCKET = "/var/run/docker.sock";

    /**
     * Find it.
     *
     * @param environment the agent's variables
     * @param engine {@code docker} or {@code podman}
     * @throws AgentException {@code CONFIGURATION_INVALID} when it is named in a way that cannot be used
     */
    static EngineAddress find(Map<String, String> environment, String engine) {
        String host = environment.getOrDefault("DOCKER_HOST", "");
        if (!host.isEmpty()) {
            return of(host, "DOCKER_HOST");
        }
        if (engine.equals("podman")) {
            String runtime = environment.getOrDefault("XDG_RUNTIME_DIR", "");
            Path own = Path.of(runtime, "podman", "podman.sock");
            boolean rootless = !runtime.isEmpty() && Files.exists(own);
            return of("unix://" + (rootless ? own : "/run/podman/podman.sock"), "agent.executor.docker.engine");
        }
        Path configuration = DockerFiles.folder(environment);
        String context = environment.getOrDefault("DOCKER_CONTEXT", "");
        if (context.isEmpty()) {
            context = DockerFiles.json(configuration.resolve("config.json"))
                    .map(json -> json.path("currentContext").asString(""))
                    .orElse("");
        }
        if (!context.isEmpty() && !context.equals("default")) {
            return ofContext(configuration, context);
        }
        String runtime = environment.getOrDefault("XDG_RUNTIME_DIR", "");
        Path rootless = Path.of(runtime, "docker.sock");
        boolean useRootless = !runtime.isEmpty() && !Files.exists(Path.of(DOCKER_SOCKET)) && Files.exists(rootless);
        return of("unix://" + (useRootless ? rootless : DOCKER_SOCKET), "the default of docker");
    }

    private static EngineAddress ofContext(Path configuration, String context) {
        String origin = "context '" + context + "'";
        Path file = configuration
                .resolve("contexts")
                .resolve("meta")
                .resolve(digest(context))
                .resolve("meta.json");
        String host = DockerFiles.json(file)
                .map(json -> json.path("Endpoints").path("docker").path("Host").asString(""))
                .orElse("");
        if (host.isEmpty()) {
            throw new AgentException(
                    ErrorCode.CONFIGURATION_INVALID,
                    "docker's " + origin + " has no address in '" + file + "'; choose another one with DOCKER_CONTEXT");
        }
        return of(host, origin);
    }

    private static EngineAddress of(String host, String origin) {
        if (host.startsWith("unix:///")) {
            return new EngineAddress(URI.create(host), origin);
        }
        if (host.startsWith("tcp://") || host.startsWith("http://")) {
            return new EngineAddress(URI.create(host.replaceFirst("^http:", "tcp:")), origin);
        }
        throw new AgentException(
                ErrorCode.CONFIGURATION_INVALID,
                origin + " names '" + host
                        + "' as address of the engine; an address unix:///path or tcp://host:port is needed");
    }

    /** The socket's file; empty for an engine on the network. */
    Optional<Path> socket() {
        return uri.getScheme().equals("unix") ? Optional.of(Path.of(uri.getPath())) : Optional.empty();
    }

    private static String digest(String context) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(context.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** The files of docker's own client. */
    static final class DockerFiles {

        private DockerFiles() {}

        static Path folder(Map<String, String> environment) {
            String named = environment.getOrDefault("DOCKER_CONFIG", "");
            return named.isEmpty()
                    ? Path.of(environment.getOrDefault("HOME", System.getProperty("user.home")), ".docker")
                    : Path.of(named);
        }

        /** A file's content; empty when there is none. */
        static Optional<JsonNode> json(Path file) {
            try {
                return Files.isRegularFile(file)
                        ? Optional.of(JsonMapper.shared().readTree(Files.readAllBytes(file)))
                        : Optional.empty();
            } catch (IOException | JacksonException e) {
                throw new AgentException(
                        ErrorCode.CONFIGURATION_INVALID,
                        "cannot read docker's file '" + file + "': " + e.getMessage(),
                        e);
            }
        }
    }
}
