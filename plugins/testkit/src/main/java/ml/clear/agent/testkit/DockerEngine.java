// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.testkit;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A real Docker engine with an image made of Debian's packages, for tests that run as root. It has its own folder, socket and
 * network-less bridge, so it leaves the machine as it is; containers use the network of the machine or none.
 */
public final class DockerEngine implements AutoCloseable {

    /** The image that the engine has: Python, pip, git and certificates. */
    public static final String IMAGE = "clearml-test/python:bookworm";

    private static final Duration START_LIMIT = Duration.ofMinutes(3);
    private static final Duration IMAGE_LIMIT = Duration.ofMinutes(15);

    private final Path folder;
    private Process daemon;

    private DockerEngine(Path folder, Process daemon) {
        this.folder = folder;
        this.daemon = daemon;
    }

    /** Why none can be started here; empty when one can. */
    public static Optional<String> obstacle() {
        if (!System.getProperty("user.name", "").equals("root")) {
            return Optional.of("an engine is started by root");
        }
        return Stream.of("dockerd", "debootstrap", "docker")
                .filter(program -> !installed(program))
                .findFirst()
                .map(program -> "'" + program + "' is not installed; on Debian: apt-get install docker.io debootstrap");
    }

    private static boolean installed(String program) {
        return Stream.of(System.getenv("PATH").split(":")).anyMatch(part -> Files.isExecutable(Path.of(part, program)));
    }

    /** Start one in an empty folder, whose path is short: sockets allow about 100 characters. */
    public static DockerEngine start(Path folder) throws IOException, InterruptedException {
        Path image = image();
        DockerEngine engine = new DockerEngine(folder, launch(folder));
        engine.awaitAnswer();
        engine.docker("import", image.toString(), IMAGE);
        return engine;
    }

    private static Process launch(Path folder) throws IOException {
        Path log = folder.resolve("dockerd.log");
        return new ProcessBuilder(
                        "dockerd",
                        "--data-root",
                        folder.resolve("data").toString(),
                        "--exec-root",
                        folder.resolve("exec").toString(),
                        "--pidfile",
                        folder.resolve("pid").toString(),
                        "--host",
                        "unix://" + folder.resolve("docker.sock"),
                        "--bridge=none",
                        "--iptables=false",
                        "--live-restore")
                .redirectInput(Redirect.from(new File("/dev/null")))
                .redirectErrorStream(true)
                .redirectOutput(Redirect.appendTo(log.toFile()))
                .start();
    }

    /** The address, as {@code DOCKER_HOST} has it. */
    public String host() {
        return "unix://" + folder.resolve("docker.sock");
    }

    /** Run docker's own client with this engine; its output. */
    public String docker(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("docker", "--host", host()));
        command.addAll(List.of(arguments));
        return run(command, IMAGE_LIMIT);
    }

    /** End the engine, and start it again when the action has run; its containers live on. */
    public void whileStopped(Runnable action) throws IOException, InterruptedException {
        end();
        action.run();
        daemon = launch(folder);
        awaitAnswer();
    }

    private void awaitAnswer() throws InterruptedException, IOException {
        long start = System.nanoTime();
        while (true) {
            try {
                docker("version");
                return;
            } catch (IOException e) {
                if (!daemon.isAlive() || System.nanoTime() - start > START_LIMIT.toNanos()) {
                    throw new IOException(
                            "the engine does not start:\n" + Files.readString(folder.resolve("dockerd.log")), e);
                }
                TimeUnit.MILLISECONDS.sleep(200);
            }
        }
    }

    private void end() throws InterruptedException {
        daemon.destroy();
        if (!daemon.waitFor(1, TimeUnit.MINUTES)) {
            daemon.destroyForcibly();
        }
    }

    /** Remove all containers and end the engine. */
    @Override
    public void close() throws IOException, InterruptedException {
        try {
            String containers = docker("ps", "--all", "--quiet");
            for (String container : containers.lines().toList()) {
                docker("rm", "--force", container);
            }
        } finally {
            end();
        }
    }

    /** The image as an archive, made once and kept in the user's cache folder. */
    private static Path image() throws IOException, InterruptedException {
        String cache = System.getenv().getOrDefault("XDG_CACHE_HOME", System.getProperty("user.home") + "/.cache");
        Path all = Files.createDirectories(Path.of(cache, "clearml-agent-tests"));
        Path archive = all.resolve("python-bookworm.tar");
        try (FileChannel lock = FileChannel.open(
                all.resolve("python-bookworm.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            lock.lock(); // goes with the channel
            if (!Files.exists(archive)) {
                Path root = Files.createTempDirectory("clearml-agent-image-");
                Path made = all.resolve("python-bookworm.tar.new");
                run(
                        List.of(
                                "debootstrap",
                                "--variant=minbase",
                                "--include=python3,python3-venv,python3-pip,git,ca-certificates",
                                "bookworm",
                                root.toString()),
                        IMAGE_LIMIT);
                run(List.of("tar", "-C", root.toString(), "-c", "-f", made.toString(), "."), IMAGE_LIMIT);
                Files.move(made, archive, StandardCopyOption.ATOMIC_MOVE);
                run(List.of("rm", "-rf", root.toString()), IMAGE_LIMIT);
            }
        }
        return archive;
    }

    private static String run(List<String> command, Duration limit) throws IOException, InterruptedException {
        Path output = Files.createTempFile("clearml-agent-", ".out");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectInput(Redirect.from(new File("/dev/null")))
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            if (!process.waitFor(limit.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException(command + " takes too long");
            }
            String text = Files.readString(output);
            if (process.exitValue() != 0) {
                throw new IOException(command + " failed with " + process.exitValue() + ":\n" + text);
            }
            return text;
        } finally {
            Files.delete(output);
        }
    }
}
