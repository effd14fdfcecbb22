// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A server that a test starts on a port of the loopback interface, and ends. */
public final class ServerProcess implements AutoCloseable {

    private static final long START_SECONDS = 120;

    private final Process process;
    private final int port;

    private ServerProcess(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** A port that is free now. */
    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /**
     * Start a server and wait until it listens.
     *
     * @param port where it will listen
     * @param log gets its output
     */
    public static ServerProcess start(List<String> command, Map<String, String> environment, int port, Path log)
            throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        ServerProcess server = new ServerProcess(process, port);
        long start = System.nanoTime();
        while (!server.listens()) {
            boolean late = System.nanoTime() - start > TimeUnit.SECONDS.toNanos(START_SECONDS);
            if (late || process.waitFor(50, TimeUnit.MILLISECONDS)) {
                server.close();
                throw new AssertionError(
                        command.getFirst() + " does not listen on " + port + ": " + Files.readString(log));
            }
        }
        return server;
    }

    private boolean listens() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Where it listens. */
    public int port() {
        return port;
    }

    /** End the processes that it started, which serve its connections where it starts one for each. */
    void endChildren() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
    }

    /** End it with what it started. */
    @Override
    public void close() throws InterruptedException {
        endChildren();
        process.destroyForcibly();
        process.waitFor();
    }
}
