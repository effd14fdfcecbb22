// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Connections: who ends them, and what becomes of callers who fall silent, talk too much or know no bounds. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConnectionTest {

    private static final int LARGE = 100 << 20;

    private TestServer server;

    @BeforeAll
    void start(@TempDir Path folder) {
        server = new TestServer(folder, options -> options.withPatience(Duration.ofMillis(400)));
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(
                InetAddress.getLoopbackAddress(), server.server.address().getPort());
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String all(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    /** Python's libraries keep idle connections, which a forked child inherits: two processes would share one. */
    @Test
    void connectionOfPythonClientEndsWithItsAnswer() throws Exception {
        for (String agent : List.of("python-requests/2.34.2", "Python-urllib/3.11", "python-urllib3/2.8.0")) {
            try (Socket socket = connect()) {
                say(socket, "GET /debug.ping HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: " + agent + "\r\n\r\n");
                assertThat(all(socket))
                        .containsIgnoringCase("\r\nConnection: close\r\n")
                        .contains("ClearML server");
            }
        }
    }

    @Test
    void connectionOfOtherClientsIsKept() throws Exception {
        try (Socket socket = connect()) {
            say(socket, "GET /debug.ping HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: clearml-agent/1\r\n\r\n");
            InputStream in = socket.getInputStream();
            assertThat(in.read()).isEqualTo('H');
            say(socket, "GET /debug.ping HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: python-requests/2\r\n\r\n");
            assertThat(all(socket).split("ClearML server", -1)).hasSize(3);
        }
    }

    @Test
    void callerWhoFallsSilentInTheBodyIsTold() throws Exception {
        for (String length : List.of("100", "1000000")) {
            try (Socket socket = connect()) {
                say(
                        socket,
                        "POST /queues.get_all HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: " + server.authorization()
                                + "\r\nContent-Length: " + length + "\r\n\r\n{");
                assertThat(all(socket)).startsWith("HTTP/1.1 408 ").contains("\"result_code\":408");
            }
        }
    }

    @Test
    void callerWhoFallsSilentInTheHeadIsLeft() throws Exception {
        try (Socket socket = connect()) {
            say(socket, "GET /queues.get_");
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void callerWhoFallsSilentInAnUploadLeavesNothing() throws Exception {
        try (Socket socket = connect()) {
            say(
                    socket,
                    "POST /files HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: " + server.authorization()
                            + "\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 1000\r\n\r\n"
                            + "--b\r\nContent-Disposition: form-data; name=\"/silent.txt\"\r\n\r\npart");
            assertThat(all(socket)).startsWith("HTTP/1.1 408 ");
        }
        assertThat(server.send(server.request("/files/silent.txt").GET()).statusCode())
                .isEqualTo(404);
    }

    @Test
    void slowCallerIsServedAsLongAsSomethingComes() throws Exception {
        try (Socket socket = connect()) {
            String body = "{\"who\": \"slow\"}";
            say(
                    socket,
                    "POST /debug.ping HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Length: "
                            + body.length() + "\r\n\r\n");
            for (int i = 0; i < body.length(); i++) {
                Thread.sleep(80);
                say(socket, body.substring(i, i + 1));
            }
            assertThat(all(socket)).startsWith("HTTP/1.1 200 ").contains("\"who\":\"slow\"");
        }
    }

    @Test
    void callerWhoDoesNotReadItsAnswerIsLeft() throws Exception {
        StringBuilder line = new StringBuilder("{\"x\":\"");
        line.append("y".repeat(12 << 20)).append("\"}");
        try (Socket socket = connect()) {
            socket.setReceiveBufferSize(1 << 12);
            OutputStream out = socket.getOutputStream();
            say(
                    socket,
                    "POST /debug.ping HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: "
                            + line.length() + "\r\n\r\n");
            out.write(line.toString().getBytes(StandardCharsets.US_ASCII));
            long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
            while (server.server.openRequests() > 0 && System.nanoTime() < end) {
                Thread.sleep(20);
            }
            assertThat(server.server.openRequests()).isZero();
        }
    }

    @Test
    void largeBodiesOfStrangersAndOfFriendsAreReadToTheirEndAndRefused() {
        assertThat(large("/v2.23/events.add_batch", "Bearer nonsense")).isEqualTo(401);
        assertThat(large("/v2.23/events.add_batch", server.authorization())).isEqualTo(413);
        assertThat(large("/v2.23/nothing.here", server.authorization())).isEqualTo(404);
        assertThat(large("/files", "Bearer nonsense")).isEqualTo(401);
        assertThat(large("/files/somewhere", server.authorization())).isEqualTo(405);
    }

    private int large(String path, String authorization) {
        HttpResponse<String> response = server.send(HttpRequest.newBuilder(server.address(path))
                .header("Authorization", authorization)
                .header("Content-Type", "application/json-lines")
                .method("POST", BodyPublishers.ofInputStream(() -> new Endless(LARGE))));
        return response.statusCode();
    }

    /** So many letters. */
    private static final class Endless extends InputStream {

        private long left;

        Endless(long count) {
            left = count;
        }

        @Override
        public int read() {
            return left-- > 0 ? 'x' : -1;
        }

        @Override
        public int read(byte[] buffer, int from, int length) {
            int count = (int) Math.min(left, length);
            left -= count;
            return count > 0 ? count : -1;
        }
    }

    @Test
    void manyLargeRequestsTogetherAreAllAnswered(@TempDir Path folder) throws Exception {
        try (TestServer patient = new TestServer(folder)) {
            String task = patient.newTask("");
            String event = "{\"type\":\"log\",\"task\":\"" + task + "\",\"msg\":\"" + "z".repeat(3 << 20) + "\"}";
            Queue<String> answers = new ConcurrentLinkedQueue<>();
            List<Thread> callers = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                callers.add(Thread.ofVirtual()
                        .start(() -> answers.add(
                                patient.lines(event).path("data").path("added").toString())));
            }
            for (Thread caller : callers) {
                caller.join();
            }
            assertThat(answers).hasSize(12).containsOnly("1");
        }
    }

    @Test
    void nobodyWithoutCredentialsIsServedUnlessAskedFor(@TempDir Path folder) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(server.address("/queues.get_all")).GET();
        assertThat(server.send(request).statusCode()).isEqualTo(401);
        try (TestServer open = new TestServer(folder, options -> options.withAnonymous(true))) {
            assertThat(open.send(HttpRequest.newBuilder(open.address("/queues.get_all"))
                                    .GET())
                            .statusCode())
                    .isEqualTo(200);
            assertThat(open.send(HttpRequest.newBuilder(open.address("/queues.get_all"))
                                    .header("Authorization", "Bearer nonsense")
                                    .GET())
                            .statusCode())
                    .isEqualTo(401);
        }
    }
}
