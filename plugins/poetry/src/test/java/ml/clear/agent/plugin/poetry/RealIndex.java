// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.poetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import ml.clear.agent.testkit.InstalledProgram;
import ml.clear.agent.testkit.PackageIndex;

/**
 * A pypiserver on the loopback address, which asks for the user and the password of {@link PackageIndex}.
 *
 * @param process the server
 * @param port where it listens
 * @param output what it writes
 */
record RealIndex(Process process, int port, Path output) implements AutoCloseable {

    private static final String VERSION = "2.4.2";

    /** Start one that offers the wheels of a folder. */
    static RealIndex of(Path wheels) throws IOException, InterruptedException {
        Path program =
                InstalledProgram.ofPython("pypiserver-" + VERSION, "pypi-server", "pypiserver[passlib]==" + VERSION);
        Path passwords = wheels.resolveSibling("passwords");
        Files.writeString(passwords, PackageIndex.USER + ":" + hash(program) + "\n");
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Path output = wheels.resolveSibling("pypiserver.log");
        Process process = new ProcessBuilder(
                        program.toString(),
                        "run",
                        "--interface",
                        "127.0.0.1",
                        "--port",
                        String.valueOf(port),
                        "--authenticate",
                        "update,download,list",
                        "--passwords",
                        passwords.toString(),
                        "--disable-fallback",
                        "-v",
                        wheels.toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        RealIndex index = new RealIndex(process, port, output);
        index.awaitStart();
        return index;
    }

    private static String hash(Path program) throws IOException, InterruptedException {
        Process hashing = new ProcessBuilder(
                        program.resolveSibling("python").toString(),
                        "-c",
                        "import sys; from passlib.hash import sha256_crypt; print(sha256_crypt.hash(sys.argv[1]))",
                        PackageIndex.PASSWORD)
                .start();
        String hash = new String(hashing.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(hashing.waitFor()).isZero();
        return hash.strip();
    }

    private void awaitStart() throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
        while (true) {
            assertThat(process.isAlive() && System.nanoTime() < end).as(log()).isTrue();
            try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return;
            } catch (IOException e) {
                TimeUnit.MILLISECONDS.sleep(50);
            }
        }
    }

    String address() {
        return "http://127.0.0.1:" + port + "/simple/";
    }

    String log() throws IOException {
        return Files.readString(output);
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
