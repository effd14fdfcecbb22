// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Podman's service run by a user without any rights, who exists as long as it does, with the image of {@link
 * DockerEngine#IMAGE}. Tests get it as a parameter, see {@link EngineExtension}.
 */
public final class RootlessPodman implements AutoCloseable {

    private final String user;
    private final Path home;
    private final PodmanService service;

    private RootlessPodman(String user, Path home, PodmanService service) {
        this.user = user;
        this.home = home;
        this.service = service;
    }

    static Optional<String> obstacle() throws InterruptedException {
        Optional<String> missing = EnginePrograms.obstacle(
                "podman catatonit debootstrap uidmap", "podman", "catatonit", "debootstrap", "newuidmap", "useradd");
        if (missing.isPresent()) {
            return missing;
        }
        try {
            EnginePrograms.run(List.of(
                    "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "unshare", "--user", "true"));
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("the kernel gives users no name spaces: " + e.getMessage());
        }
    }

    static RootlessPodman start() throws IOException, InterruptedException {
        String user = "cae" + ProcessHandle.current().pid();
        EnginePrograms.run(List.of("useradd", "--create-home", "--shell", "/bin/sh", user));
        Path home =
                Path.of(EnginePrograms.run(List.of("getent", "passwd", user)).split(":")[5]);
        try {
            PodmanService service = PodmanService.start(command(user, home), home);
            return new RootlessPodman(user, home, service);
        } catch (IOException e) {
            remove(user);
            throw e;
        }
    }

    /** The address, as {@code DOCKER_HOST} has it. */
    public String host() {
        return service.host();
    }

    /** The home folder of the user. */
    public Path home() {
        return home;
    }

    /** The words before a command that make it the user's. */
    public List<String> asUser() {
        return command(user, home);
    }

    /** Make a folder and all in it the user's. */
    public void give(Path folder) throws IOException, InterruptedException {
        EnginePrograms.run(List.of("chown", "-R", user + ":", folder.toString()));
    }

    /** Run the command {@code podman} with the containers of this engine; its output. */
    public String podman(String... arguments) throws IOException, InterruptedException {
        return service.podman(arguments);
    }

    private static List<String> command(String user, Path home) {
        return List.of(
                "setpriv",
                "--reuid=" + user,
                "--regid=" + user,
                "--init-groups",
                "env",
                "--chdir=" + home,
                "USER=" + user,
                "HOME=" + home,
                "XDG_RUNTIME_DIR=" + home);
    }

    @Override
    public void close() throws IOException, InterruptedException {
        try {
            service.close();
        } finally {
            Path keeper = home.resolve("tmp/pause.pid"); // holds the user's name spaces
            if (Files.exists(keeper)) {
                ProcessHandle.of(Long.parseLong(Files.readString(keeper).strip()))
                        .ifPresent(ProcessHandle::destroy);
            }
            remove(user);
        }
    }

    private static void remove(String user) throws IOException, InterruptedException {
        EnginePrograms.run(List.of("userdel", "--force", "--remove", user));
    }
}
