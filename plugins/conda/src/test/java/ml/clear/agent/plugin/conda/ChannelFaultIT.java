// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.conda;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import ml.clear.agent.api.python.EnvironmentRequest;
import ml.clear.agent.api.python.EnvironmentRequest.SourceTree;
import ml.clear.agent.api.python.PythonSettings;
import ml.clear.agent.api.task.Requirements;
import ml.clear.agent.testkit.CondaChannel;
import ml.clear.agent.testkit.RecordedConsole;
import ml.clear.agent.testkit.TestContext;
import ml.clear.agent.testkit.TestSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A channel that is unavailable for a moment. */
@Tag("thorough")
class ChannelFaultIT {

    private final RecordedConsole console = new RecordedConsole();

    @TempDir
    private Path folder;

    private Path channel;
    private HttpServer server;

    @BeforeEach
    void serve() throws Exception {
        channel = Path.of(
                URI.create(CondaChannel.withPython().withModule("alpha", "1.0").writeTo(folder.resolve("channel"))));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    /** Unavailable until the agent tries again, whatever the solver itself tries. */
    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            Path file = channel.resolve(exchange.getRequestURI().getPath().substring(1));
            if (!console.text().contains("trying again")) {
                exchange.sendResponseHeaders(503, -1);
            } else if (Files.isRegularFile(file)) {
                byte[] content = Files.readAllBytes(file);
                exchange.sendResponseHeaders(200, content.length);
                exchange.getResponseBody().write(content);
            } else {
                exchange.sendResponseHeaders(404, -1);
            }
        }
    }

    @Test
    void theSolverIsAskedAgainAfterAFaultOfTheNetwork() throws Exception {
        TestSettings settings = TestSettings.defaults()
                .with(
                        CondaSettings.CHANNELS,
                        "http://127.0.0.1:" + server.getAddress().getPort())
                .with(CondaSettings.RECORD_PACKAGES, true)
                .with(PythonSettings.CPU_ONLY, true);
        Path sources = Files.createDirectories(folder.resolve("sources"));

        var environment = CondaContext.of(
                        TestContext.in(folder.resolve("agent")), folder.resolve("no wheels"), settings)
                .manager()
                .plan(new EnvironmentRequest(
                        "",
                        Requirements.ofPip(List.of("alpha==1.0")),
                        new SourceTree(sources, sources, false),
                        console))
                .build(folder.resolve("environment"));

        assertThat(console.text()).contains("A fault of the network ended py-rattler (HTTP status server error (503)");
        assertThat(environment.frozen().conda().toString()).contains("alpha==1.0");
    }
}
