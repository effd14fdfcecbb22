// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.executordocker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The files of docker's own client. */
final class DockerFiles {

    private DockerFiles() {}

    /** The folder that holds them. */
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
                    ErrorCode.CONFIGURATION_INVALID, "cannot read docker's file '" + file + "': " + e.getMessage(), e);
        }
    }
}
