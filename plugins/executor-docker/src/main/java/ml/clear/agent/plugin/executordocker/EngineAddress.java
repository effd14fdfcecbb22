// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.executordocker;

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
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Where the engine listens, as docker's own client finds it: {@code DOCKER_HOST}, else the current context, else the usual
 * socket.
 *
 * @param uri {@code unix:} or {@code tcp:}
 * @param origin what named it, for messages
 * @param certificates what a connection over TLS is secured with; null for one without
 */
record EngineAddress(URI uri, String origin, @Nullable EngineCertificates certificates) {

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
            return of(host, "DOCKER_HOST", ofVariables(environment));
        }
        String runtime = environment.getOrDefault("XDG_RUNTIME_DIR", "");
        if (engine.equals("podman")) {
            String socket = existing(runtime, "podman/podman.sock").orElse("/run/podman/podman.sock");
            return of("unix://" + socket, DockerSettings.ENGINE.key(), null);
        }
        Path configuration = DockerFiles.folder(environment);
        String context = environment.getOrDefault("DOCKER_CONTEXT", "");
        if (context.isEmpty()) {
            context = DockerFiles.json(configuration.resolve("config.json"))
                    .map(json -> json.path("currentContext").asString(""))
                    .orElse("");
        }
        if (!context.isEmpty() && !context.equals("default")) {
            return ofContext(configuration.resolve("contexts"), context);
        }
        String socket = Files.exists(Path.of(DOCKER_SOCKET))
                ? DOCKER_SOCKET
                : existing(runtime, "docker.sock").orElse(DOCKER_SOCKET);
        return of("unix://" + socket, "the default of docker", null);
    }

    private static Optional<String> existing(String runtime, String socket) {
        return Optional.of(runtime)
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, socket))
                .filter(Files::exists)
                .map(Path::toString);
    }

    private static @Nullable EngineCertificates ofVariables(Map<String, String> environment) {
        if (!environment.getOrDefault("DOCKER_TLS_VERIFY", "").isEmpty()) {
            String folder = environment.getOrDefault("DOCKER_CERT_PATH", "");
            return new EngineCertificates(folder.isEmpty() ? DockerFiles.folder(environment) : Path.of(folder));
        }
        if (!environment.getOrDefault("DOCKER_TLS", "").isEmpty()) {
            throw unverified("DOCKER_TLS");
        }
        return null;
    }

    private static EngineAddress ofContext(Path contexts, String context) {
        String origin = "context '" + context + "'";
        Path file = contexts.resolve("meta").resolve(digest(context)).resolve("meta.json");
        JsonNode endpoint = DockerFiles.json(file)
                .map(json -> json.path("Endpoints").path("docker"))
                .filter(found -> !found.path("Host").asString("").isEmpty())
                .orElseThrow(() -> new AgentException(
                        ErrorCode.CONFIGURATION_INVALID,
                        "docker's " + origin + " has no address in '" + file
                                + "'; choose another one with DOCKER_CONTEXT"));
        Path certificates = contexts.resolve("tls").resolve(digest(context)).resolve("docker");
        boolean secured = Files.isDirectory(certificates);
        if (secured && endpoint.path("SkipTLSVerify").asBoolean(false)) {
            throw unverified("docker's " + origin);
        }
        return of(endpoint.path("Host").asString(), origin, secured ? new EngineCertificates(certificates) : null);
    }

    private static EngineAddress of(String host, String origin, @Nullable EngineCertificates certificates) {
        if (host.startsWith("unix:///")) {
            return new EngineAddress(URI.create(host), origin, null);
        }
        if (host.startsWith("tcp://") || host.startsWith("http://")) {
            return new EngineAddress(URI.create(host.replaceFirst("^http:", "tcp:")), origin, certificates);
        }
        throw new AgentException(
                ErrorCode.CONFIGURATION_INVALID,
                origin + " names '" + host
                        + "' as address of the engine; an address unix:///path or tcp://host:port is needed");
    }

    private static AgentException unverified(String origin) {
        return new AgentException(
                ErrorCode.CONFIGURATION_INVALID,
                origin + " asks for TLS without verification of the engine, which the agent does not do; set"
                        + " DOCKER_TLS_VERIFY=1, and DOCKER_CERT_PATH to the folder with ca.pem");
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
}
