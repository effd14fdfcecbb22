// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A real registry of images on loopback, which engines use without TLS. */
public final class ImageRegistry implements AutoCloseable {

    /** The user of a registry with login. */
    public static final String USER = "reader";

    /** The password of that user. */
    public static final String PASSWORD = "canary of the registry";

    /** Of the password; the registry takes no other form than bcrypt. */
    private static final String HASH = "$2b$04$abcdefghijklmnopqrstuuix7M2dgoiBjbTGwC/NEFHjwkfAfuTgu";

    private final ServerProcess server;

    private ImageRegistry(ServerProcess server) {
        this.server = server;
    }

    /** Why none can be started here; empty when one can. */
    public static Optional<String> obstacle() {
        return EnginePrograms.obstacle("docker-registry", "docker-registry");
    }

    /** One that everybody may read and write. */
    public static ImageRegistry open(Path folder) throws IOException, InterruptedException {
        return start(folder, "");
    }

    /** One for its user alone. */
    public static ImageRegistry withLogin(Path folder) throws IOException, InterruptedException {
        Path users = Files.writeString(folder.resolve("users"), USER + ":" + HASH + "\n");
        return start(folder, """
            auth:
              htpasswd:
                realm: tests
                path: %s
            """.formatted(users));
    }

    private static ImageRegistry start(Path folder, String login) throws IOException, InterruptedException {
        int port = ServerProcess.freePort();
        Path configuration =
                Files.writeString(folder.resolve("registry.yml"), """
            version: 0.1
            storage:
              filesystem:
                rootdirectory: %s
            http:
              addr: 127.0.0.1:%d
            %s
            """.formatted(folder.resolve("images"), port, login));
        return new ImageRegistry(ServerProcess.start(
                List.of("docker-registry", "serve", configuration.toString()),
                Map.of(),
                port,
                folder.resolve("registry.log")));
    }

    /** The port of loopback on which it listens. */
    public int port() {
        return server.port();
    }

    /** The name of an image in it. */
    public String image(String name) {
        return "127.0.0.1:" + port() + "/" + name;
    }

    @Override
    public void close() throws InterruptedException {
        server.close();
    }
}
