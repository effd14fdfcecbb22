// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Podman's service with everything it keeps in one folder. */
final class PodmanService implements AutoCloseable {

    private static final String SOCKET = "podman.sock";

    /** Podman gives containers more open files than a test in a container may have, and the kernel refuses to raise that. */
    private static final String CONFIGURATION = """
        [containers]
        default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
        """;

    private final List<String> podman;
    private final Path folder;
    private final Process process;

    private PodmanService(List<String> podman, Path folder, Process process) {
        this.podman = podman;
        this.folder = folder;
        this.process = process;
    }

    /**
     * Start it, with the image.
     *
     * @param before the words before the command, which make it another user's
     * @param folder belongs to that user; its path is short
     */
    static PodmanService start(List<String> before, Path folder) throws IOException, InterruptedException {
        Path image = EnginePrograms.image();
        Path configuration = Files.writeString(folder.resolve("containers.conf"), CONFIGURATION);
        List<String> words = Stream.concat(before.stream(), Stream.of("env", "CONTAINERS_CONF=" + configuration))
                .toList();
        List<String> podman = command(words, folder);
        Path log = folder.resolve("service.log");
        Process process = EnginePrograms.launch(
                with(podman, "system", "service", "--time=0", "unix://" + folder.resolve(SOCKET)), log);
        PodmanService service = new PodmanService(podman, folder, process);
        EnginePrograms.awaitAnswer(process, log, () -> Files.readAttributes(folder.resolve(SOCKET), "*"));
        // read by root, who alone may read the cache
        List<String> reading = List.of("sh", "-c", "exec \"$@\" <\"$0\"", image.toString());
        EnginePrograms.run(Stream.concat(reading.stream(), with(podman, "import", "-", DockerEngine.IMAGE).stream())
                .toList());
        return service;
    }

    /** Overlays where the file system of the folder allows them, else copies. */
    private static List<String> command(List<String> before, Path folder) throws IOException, InterruptedException {
        List<String> podman = driven(before, folder, "overlay");
        try {
            EnginePrograms.run(with(podman, "info"));
            return podman;
        } catch (IOException e) {
            return driven(before, folder, "vfs");
        }
    }

    private static List<String> driven(List<String> before, Path folder, String driver) {
        return Stream.concat(
                        before.stream(),
                        Stream.of(
                                "podman",
                                "--root=" + folder.resolve(driver),
                                "--runroot=" + folder.resolve("run"),
                                "--tmpdir=" + folder.resolve("tmp"),
                                "--storage-driver=" + driver,
                                "--cgroup-manager=cgroupfs",
                                "--events-backend=file"))
                .toList();
    }

    private static List<String> with(List<String> command, String... more) {
        return Stream.concat(command.stream(), Stream.of(more)).toList();
    }

    String host() {
        return "unix://" + folder.resolve(SOCKET);
    }

    String podman(String... arguments) throws IOException, InterruptedException {
        return EnginePrograms.run(with(podman, arguments));
    }

    /** Remove all containers, and end it. */
    @Override
    public void close() throws IOException, InterruptedException {
        try {
            podman("rm", "--all", "--force", "--time=0");
        } finally {
            EnginePrograms.end(process);
        }
    }
}
