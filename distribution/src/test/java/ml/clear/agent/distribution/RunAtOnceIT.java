// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two commands of one user at the same moment, with nothing there before. */
@Tag("thorough")
class RunAtOnceIT {

    private static final int PREFERRED_PORT = 8008;

    @TempDir
    private Path folder;

    @Test
    void runsAtOnceShareOneServerOnTheNextFreePort() throws IOException {
        Path script = Files.writeString(folder.resolve("hello.py"), "print('hello')\n");
        try (ServerSocket taken = new ServerSocket();
                AgentHome home = AgentHome.emptyIn(folder, Installation.shared())) {
            take(taken);
            List<Shell.Finished> runs =
                    Stream.generate(() -> home.start("run", script.toString())).limit(2).toList().stream()
                            .map(Shell.Started::finish)
                            .toList();

            assertThat(runs).allSatisfy(run -> {
                assertThat(run.status()).as(run.out() + run.err()).isZero();
                assertThat(run.out()).contains("\nhello\n");
            });
            ServerClient server = home.server();
            assertThat(server.api().getPort()).isGreaterThan(PREFERRED_PORT);
            assertThat(runs)
                    .allSatisfy(run -> assertThat(run.err())
                            .containsPattern("(started an|using the) embedded server at " + server.api() + ";"));
            assertThat(servers(home)).containsExactly(server.pid());
            assertThat(server.tasks())
                    .hasSize(2)
                    .allSatisfy(id ->
                            assertThat(server.task(id).get("status").asString()).isEqualTo("completed"));

            Shell.Finished status = home.run("server", "status");
            assertThat(status.status()).isZero();
            assertThat(status.out()).contains(server.api().toString(), Long.toString(server.pid()));

            Shell.Finished stop = home.run("server", "stop");
            assertThat(stop).isEqualTo(new Shell.Finished(0, "the server has ended\n", ""));
            assertThat(servers(home)).isEmpty();
            assertThat(home.run("server", "status").status()).isEqualTo(1);
        }
    }

    private static List<Long> servers(AgentHome home) {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .arguments()
                        .map(List::of)
                        .filter(arguments -> arguments.contains("--background")
                                && arguments.contains(home.serverData().toString()))
                        .isPresent())
                .map(ProcessHandle::pid)
                .toList();
    }

    /** Occupies the preferred port, unless another program does already. */
    private static void take(ServerSocket socket) throws IOException {
        try {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), PREFERRED_PORT));
        } catch (BindException e) {
            assertThat(e).as("taken").isNotNull();
        }
    }
}
