// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.server;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import ml.clear.agent.api.secret.Secret;
import ml.clear.agent.api.task.TaskId;
import ml.clear.agent.runtime.network.CertificateCheck;
import ml.clear.agent.runtime.network.SystemNetwork;
import org.junit.jupiter.api.AfterEach;

/** A fake server, clocks, and clients that are closed after each test. */
abstract class ServerFixture {

    static final TaskId TASK = new TaskId("0123456789abcdef0123456789abcdef");
    static final String TASK_LIST = "{\"tasks\":[{\"id\":\"" + TASK + "\",\"status\":\"in_progress\"}]}";

    final FakeClearmlServer server = FakeClearmlServer.start();
    final FakeTiming time = new FakeTiming();
    private final List<AutoCloseable> open = new ArrayList<>(List.of(server));

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable resource : open.reversed()) {
            resource.close();
        }
    }

    static Credentials keyPair() {
        return new Credentials.KeyPair(FakeClearmlServer.ACCESS_KEY, Secret.of(FakeClearmlServer.SECRET_KEY));
    }

    static ServerConnectionSettings settings(URI address, Credentials credentials) {
        return ServerConnectionSettings.of(address, credentials, "wörk host", "0.1.0")
                .withPatience(
                        new RetrySettings(3, Duration.ofSeconds(1), Duration.ofSeconds(120), false),
                        new ServerTimeouts(Duration.ofSeconds(2), Duration.ofSeconds(2), Duration.ofSeconds(1)));
    }

    HttpClearmlServer client() {
        return client(settings(server.address(), keyPair()));
    }

    HttpClearmlServer client(ServerConnectionSettings settings) {
        HttpClearmlServer client = HttpClearmlServer.of(
                settings,
                new SystemNetwork(new CertificateCheck.Usual(), Map.of(), Path.of("never-written")),
                time.timing());
        open.add(client);
        return client;
    }

    static LogEvent line(String text) {
        return new LogEvent(TASK, "host:0", "DEBUG", text, 1_700_000_000_000L);
    }
}
