// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.executordocker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EngineCheckTest {

    private final List<String> requests = new CopyOnWriteArrayList<>();

    @ParameterizedTest
    @ValueSource(strings = {"1.40", "1.41", "1.51", "2.0"})
    void anEngineSinceDocker1903IsSpokenToInItsOwnVersion(String version) throws Exception {
        check("{\"ApiVersion\": \"" + version + "\", \"MinAPIVersion\": \"" + version + "\"}", "200 OK");

        assertThat(requests).containsExactly("GET /version HTTP/1.1"); // no path names a version, so none is refused
    }

    @Test
    void anOlderEngineIsNamed() {
        assertThatThrownBy(() -> check("{\"ApiVersion\": \"1.39\"}", "200 OK"))
                .isInstanceOfSatisfying(
                        AgentException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PROGRAM_MISSING))
                .hasMessageContaining("is too old: its API is '1.39', and 1.40 is needed")
                .hasMessageContaining("19.03");
    }

    @Test
    void anEngineThatRefusesIsQuoted() {
        assertThatThrownBy(() -> check("{\"message\": \"not today\"}", "500 Internal Server Error"))
                .hasMessageContaining("refuses to give its version: not today");
    }

    @Test
    void anEngineThatDoesNotListenIsNamed() throws Exception {
        int port;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = closed.getLocalPort();
        }
        try (EngineApi api = api(port)) {
            assertThatThrownBy(() -> EngineCheck.check(api))
                    .hasMessageContaining("'tcp://127.0.0.1:" + port + "', which DOCKER_HOST names does not answer");
        }
    }

    private void check(String answer, String status) throws Exception {
        try (ServerSocket listening = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
                EngineApi api = api(listening.getLocalPort())) {
            Thread server = Thread.ofVirtual().start(() -> answer(listening, answer, status));
            EngineCheck.check(api);
            server.join();
        }
    }

    private static EngineApi api(int port) {
        return new EngineApi(EngineAddress.find(Map.of("DOCKER_HOST", "tcp://127.0.0.1:" + port), "docker"));
    }

    private void answer(ServerSocket listening, String body, String status) {
        try (Socket client = listening.accept();
                BufferedReader in =
                        new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII))) {
            requests.add(in.readLine());
            while (!in.readLine().isEmpty()) {
                // the other headers
            }
            client.getOutputStream()
                    .write(("HTTP/1.1 " + status + "\r\nContent-Length: " + body.length()
                                    + "\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n" + body)
                            .getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
