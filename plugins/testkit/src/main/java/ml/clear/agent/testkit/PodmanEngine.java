// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Podman's service, which speaks Docker's API, run by root, with the image of {@link DockerEngine#IMAGE}. It has its own
 * folders and socket. Tests get it as a parameter, see {@link EngineExtension}.
 */
public final class PodmanEngine implements AutoCloseable {

    private final Path folder;
    private final PodmanService service;

    private PodmanEngine(Path folder, PodmanService service) {
        this.folder = folder;
        this.service = service;
    }

    static Optional<String> obstacle() {
        return EnginePrograms.obstacle("podman catatonit debootstrap", "podman", "catatonit", "debootstrap");
    }

    static PodmanEngine start() throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("cae-");
        PodmanService service = PodmanService.start(List.of(), folder);
        return new PodmanEngine(folder, service);
    }

    /** The address, as {@code DOCKER_HOST} has it. */
    public String host() {
        return service.host();
    }

    /** Run the command {@code podman} with the containers of this engine; its output. */
    public String podman(String... arguments) throws IOException, InterruptedException {
        return service.podman(arguments);
    }

    @Override
    public void close() throws IOException, InterruptedException {
        try {
            service.close();
        } finally {
            EnginePrograms.removeAll(folder);
        }
    }
}
