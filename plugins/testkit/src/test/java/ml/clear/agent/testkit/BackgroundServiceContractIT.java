// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.testkit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.file.FileLocks;
import ml.clear.agent.api.secret.Secret;
import ml.clear.agent.api.service.BackgroundService;
import ml.clear.agent.api.service.ServiceEndpoint;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The contract can be kept with little: a web server of another program, a lock, and a file with its process and port. */
class BackgroundServiceContractIT extends BackgroundServiceContract {

    @TempDir
    private Path state;

    @BeforeEach
    void requirePython() throws Exception {
        boolean installed = new ProcessBuilder("python3", "--version").start().waitFor() == 0;
        assumeTrue(installed || Boolean.getBoolean("require.real"), "python3 is not installed");
    }

    @Override
    protected BackgroundService service() {
        return new WebServer(state);
    }

    @Override
    protected void crash() throws Exception {
        ProcessHandle process = new WebServer(state).process().orElseThrow();
        process.destroyForcibly();
        process.onExit().get(1, TimeUnit.MINUTES);
    }

    /** @param state the folder of the lock and of the file {@code running}: process and port */
    private record WebServer(Path state) implements BackgroundService {

        private static final Duration PATIENCE = Duration.ofMinutes(1);

        @Override
        public Set<Offer> offers() {
            return Set.of();
        }

        @Override
        public Optional<ServiceEndpoint> running() {
            return process().isPresent() ? Optional.of(endpoint(false)) : Optional.empty();
        }

        @Override
        public ServiceEndpoint ensureRunning() throws InterruptedException {
            try (FileLocks.Held _ = locked()) {
                Optional<ServiceEndpoint> running = running();
                return running.isPresent() ? running.get() : started();
            } catch (IOException e) {
                throw new AgentException(ErrorCode.LAUNCH_FAILED, "the web server does not start: " + e, e);
            }
        }

        private ServiceEndpoint started() throws IOException, InterruptedException {
            int port;
            try (ServerSocket free = new ServerSocket(0)) {
                port = free.getLocalPort();
            }
            Path log = state.resolve("log");
            Process process = new ProcessBuilder(
                            "python3", "-m", "http.server", "--bind", "127.0.0.1", Integer.toString(port))
                    .directory(state.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            while (!answers(port)) {
                if (!process.isAlive()) {
                    throw new IOException(Files.readString(log).strip());
                }
                TimeUnit.MILLISECONDS.sleep(20);
            }
            Files.writeString(state.resolve("running"), process.pid() + " " + port);
            return endpoint(true);
        }

        private static boolean answers(int port) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return socket.isConnected();
            } catch (IOException e) {
                return false;
            }
        }

        @Override
        public boolean stop() throws InterruptedException {
            try (FileLocks.Held _ = locked()) {
                Optional<ProcessHandle> process = process();
                process.ifPresent(running -> {
                    running.destroy();
                    running.onExit().join();
                });
                return process.isPresent();
            } catch (IOException e) {
                throw new AgentException(ErrorCode.FILE_SYSTEM, "the lock cannot be taken: " + e, e);
            }
        }

        private FileLocks.Held locked() throws IOException, InterruptedException {
            return new FileLocks(state).take("web-server", PATIENCE, () -> {}).orElseThrow();
        }

        Optional<ProcessHandle> process() {
            return recorded(0).flatMap(ProcessHandle::of).filter(ProcessHandle::isAlive);
        }

        private ServiceEndpoint endpoint(boolean fresh) {
            URI address = URI.create("http://127.0.0.1:" + recorded(1).orElseThrow());
            return new ServiceEndpoint(address, address, address, "key", Secret.of("s3cr3t"), fresh, "stop it");
        }

        private Optional<Long> recorded(int field) {
            try {
                return Optional.of(Long.parseLong(
                        Files.readString(state.resolve("running")).split(" ", -1)[field]));
            } catch (IOException e) {
                return Optional.empty(); // it was never started
            }
        }
    }
}
