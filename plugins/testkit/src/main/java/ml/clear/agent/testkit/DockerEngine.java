// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A real Docker engine with an image made of Debian's packages, for tests that run as root. It has its own folder, socket and
 * network-less bridge, so it leaves the machine as it is; containers use the network of the machine or none. It listens on
 * loopback too, for clients with a certificate of its authority. Tests get it as a parameter, see {@link EngineExtension}.
 */
public final class DockerEngine implements AutoCloseable {

    /** The image that the engine has: Python, pip, git and certificates. */
    public static final String IMAGE = "clearml-test/python:bookworm";

    private final Path folder;
    private final List<String> command;
    private Process daemon;

    private DockerEngine(Path folder, List<String> command) throws IOException {
        this.folder = folder;
        this.command = command;
        this.daemon = EnginePrograms.launch(command, log());
    }

    static Optional<String> obstacle() {
        return EnginePrograms.obstacle("docker.io debootstrap openssl", "dockerd", "docker", "debootstrap", "openssl");
    }

    static DockerEngine start() throws IOException, InterruptedException {
        Path image = EnginePrograms.image();
        Path folder = Files.createTempDirectory("cae-"); // short: sockets allow about 100 characters
        EngineAuthority.createIn(folder.resolve("tls"));
        DockerEngine engine = new DockerEngine(folder, command(folder));
        engine.awaitAnswer();
        engine.docker("import", image.toString(), IMAGE);
        return engine;
    }

    private static List<String> command(Path folder) throws IOException {
        return List.of(
                "dockerd",
                "--data-root=" + folder.resolve("data"),
                "--exec-root=" + folder.resolve("exec"),
                "--pidfile=" + folder.resolve("pid"),
                "--host=unix://" + folder.resolve("docker.sock"),
                "--host=tcp://127.0.0.1:" + ServerProcess.freePort(),
                "--tlsverify",
                "--tlscacert=" + folder.resolve("tls/ca.pem"),
                "--tlscert=" + folder.resolve("tls/server.pem"),
                "--tlskey=" + folder.resolve("tls/server-key.pem"),
                "--bridge=none",
                "--iptables=false",
                "--live-restore");
    }

    private Path log() {
        return folder.resolve("dockerd.log");
    }

    /** The address, as {@code DOCKER_HOST} has it. */
    public String host() {
        return "unix://" + folder.resolve("docker.sock");
    }

    /** The address for clients with a certificate. */
    public String secureHost() {
        return command.stream()
                .filter(word -> word.startsWith("--host=tcp:"))
                .map(word -> word.substring("--host=".length()))
                .findFirst()
                .orElseThrow();
    }

    /** The folder with {@code ca.pem}, {@code cert.pem} and {@code key.pem} of a client, as {@code DOCKER_CERT_PATH} has it. */
    public Path certificates() {
        return folder.resolve("tls");
    }

    /** Run docker's own client with this engine; its output. */
    public String docker(String... arguments) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("docker", "--host", host()));
        words.addAll(List.of(arguments));
        return EnginePrograms.run(words);
    }

    /** End the engine, and start it again when the action has run; its containers live on. */
    public void whileStopped(Runnable action) throws IOException, InterruptedException {
        EnginePrograms.end(daemon);
        action.run();
        daemon = EnginePrograms.launch(command, log());
        awaitAnswer();
    }

    private void awaitAnswer() throws InterruptedException, IOException {
        EnginePrograms.awaitAnswer(daemon, log(), () -> docker("version"));
    }

    /** Remove all containers, and end the engine. */
    @Override
    public void close() throws IOException, InterruptedException {
        try {
            for (String container : docker("ps", "--all", "--quiet").lines().toList()) {
                docker("rm", "--force", container);
            }
        } finally {
            EnginePrograms.end(daemon);
            EnginePrograms.removeAll(folder);
        }
    }
}
