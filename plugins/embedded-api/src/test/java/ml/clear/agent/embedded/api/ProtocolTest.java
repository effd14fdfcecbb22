// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import ml.clear.agent.embedded.store.Json;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProtocolTest {

    private TestServer server;

    @BeforeAll
    void start(@TempDir Path folder) {
        server = new TestServer(folder);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({
        "/v2.23/queues.get_all, 200/0",
        "/queues.get_all, 200/0",
        "/queues.get_all/, 200/0",
        "/v99.1/queues.get_all, 200/0",
        "/v25/queues.get_all, 200/0",
        "/v2.3/queues.get_all, 404/0",
        "/v2.05/queues.get_all, 400/2",
        "/v2/queues.get_all, 400/0",
        "/queues, 400/0",
        "/a/b/c, 400/0",
        "/Queues.get_all, 404/0",
        "/workers.get_runtime_properties, 404/0"
    })
    void addressesLeadWhereTheyShould(String path, String codes) {
        assertThat(server.codes(path, "{}")).isEqualTo(codes);
    }

    @Test
    void everyAnswerIsAnEnvelopeWithTextVersionsAndObjectData() {
        for (String path : new String[] {"/v2.23/queues.get_all", "/v2.23/queues.get_by_id", "/v2.23/no.such", "/x"}) {
            JsonNode answer = server.answer(path, "{'queue':'some name'}");
            assertThat(answer.path("data").isObject()).isTrue();
            JsonNode meta = answer.path("meta");
            assertThat(meta.path("id").stringValue()).matches("[0-9a-f]{32}");
            assertThat(meta.path("trx").isString()).isTrue();
            assertThat(meta.path("result_msg").isString()).isTrue();
            assertThat(meta.path("error_data").isObject()).isTrue();
            assertThat(meta.path("error_stack").isNull()).isTrue();
        }
        JsonNode endpoint =
                server.answer("/v2.23/queues.get_all", "{}").path("meta").path("endpoint");
        assertThat(endpoint.path("requested_version").stringValue()).isEqualTo("2.23");
        assertThat(endpoint.path("actual_version").stringValue()).isEqualTo("2.4");
        assertThat(server.answer("/v1.5/tasks.get_all", "{}")
                        .path("meta")
                        .path("endpoint")
                        .path("requested_version")
                        .isNumber())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"{ | 400/0", "[] | 400/12", "'text' | 400/12", "null | 200/0", "`` | 200/0", "{'a':NaN} | 200/0"},
            quoteCharacter = '`')
    void bodiesThatAreNoObjectsAreRefused(String body, String codes) {
        assertThat(server.codes("queues.get_all", body)).isEqualTo(codes);
    }

    @Test
    void methodDoesNotMatterAndQueryIsMerged() {
        for (String method : new String[] {"GET", "POST", "PUT"}) {
            HttpResponse<String> response = server.send(server.request("/v2.23/queues.get_all?name=default&page=0")
                    .method(method, BodyPublishers.ofString("{\"only_fields\":[\"name\"]}")));
            assertThat(response.body()).contains("\"queues\":[{\"name\":\"default\"}]");
        }
        assertThat(server.send(server.request("/anything").method("OPTIONS", BodyPublishers.noBody()))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void compressedAndHugeBodiesAreRefused() {
        assertThat(server.send(server.request("/queues.get_all")
                                .header("Content-Encoding", "gzip")
                                .method("POST", BodyPublishers.ofString("xx")))
                        .statusCode())
                .isEqualTo(415);
        byte[] huge = new byte[40 << 20];
        Arrays.fill(huge, (byte) 'x');
        System.arraycopy("{\"a\":\"".getBytes(StandardCharsets.US_ASCII), 0, huge, 0, 6);
        HttpResponse<String> response =
                server.send(server.request("/queues.get_all").method("POST", BodyPublishers.ofByteArray(huge)));
        assertThat(response.statusCode()).isEqualTo(413);
        assertThat(response.body()).contains("result_code\":413");
    }

    @Test
    void deeplyNestedBodyIsRefusedWithoutHarm() {
        assertThat(server.codes("queues.get_all", "[".repeat(100_000))).isEqualTo("400/0");
        assertThat(server.codes("queues.get_all", "{'a':" + "[".repeat(400) + "]".repeat(400) + "}"))
                .isEqualTo("200/0");
    }

    private String codesWith(String authorization) {
        HttpResponse<String> response = server.send(HttpRequest.newBuilder(server.address("/queues.get_all"))
                .header("Authorization", authorization)
                .GET());
        JsonNode meta =
                Json.parse(response.body().getBytes(StandardCharsets.UTF_8)).path("meta");
        return meta.path("result_code").asInt() + "/"
                + meta.path("result_subcode").asInt();
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void credentialsAreJudged() {
        assertThat(server.send(HttpRequest.newBuilder(server.address("/queues.get_all"))
                                .GET())
                        .body())
                .contains("\"result_subcode\":20");
        assertThat(codesWith(server.basic())).isEqualTo("200/0");
        assertThat(codesWith("Bearer " + server.token())).isEqualTo("200/0");
        assertThat(codesWith("bearer " + server.token())).isEqualTo("401/10");
        assertThat(codesWith("Basic abc")).isEqualTo("401/21");
        assertThat(codesWith("Basic !!!")).isEqualTo("401/22");
        assertThat(codesWith("Basic")).isEqualTo("401/22");
        assertThat(codesWith("Basic " + base64("nocolon"))).isEqualTo("401/22");
        assertThat(codesWith("Basic " + base64(server.keys.accessKey() + ":wrong")))
                .isEqualTo("401/22");
        assertThat(codesWith("Bearer x")).isEqualTo("401/30");
        assertThat(codesWith("Bearer a.b.c")).isEqualTo("401/30");
        String token = server.token();
        assertThat(codesWith("Bearer " + token.substring(0, token.length() - 4) + "AAAA"))
                .isEqualTo("401/30");
        String[] parts = token.split("\\.", -1);
        String unsigned = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString("{\"alg\":\"none\"}".getBytes(StandardCharsets.UTF_8));
        assertThat(codesWith("Bearer " + unsigned + "." + parts[1] + ".")).isEqualTo("401/30");
    }

    @Test
    void tokenTellsWhatClientsReadInIt() {
        String token = server.token();
        JsonNode claims = Json.parse(Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]));
        assertThat(claims.path("api_version").stringValue()).isEqualTo("2.34");
        assertThat(claims.path("feature_set").stringValue()).isEqualTo("basic");
        assertThat(claims.path("exp").asLong() - claims.path("iat").asLong()).isEqualTo(2_592_000);
        assertThat(claims.path("identity").path("user").stringValue()).isEqualTo(Caller.USER);
    }

    @Test
    void loggedOutTokenIsRevokedAndOthersAreNot() {
        String token = server.data("auth.login", "{}").path("token").stringValue();
        HttpResponse<String> logout = server.send(HttpRequest.newBuilder(server.address("/auth.logout"))
                .header("Authorization", "Bearer " + token)
                .GET());
        assertThat(logout.statusCode()).isEqualTo(200);
        assertThat(codesWith("Bearer " + token)).isEqualTo("401/30");
        assertThat(codesWith("Bearer " + server.token())).isEqualTo("200/0");
    }

    @Test
    void lifetimeIsCheckedAndExpiredTokenRefused() {
        assertThat(server.codes("auth.login", "{'expiration_sec':31536001}")).isEqualTo("400/12");
        assertThat(server.codes("auth.login", "{'expiration_sec':-1}")).isEqualTo("400/12");
        String token =
                server.data("auth.login", "{'expiration_sec':60}").path("token").stringValue();
        assertThat(codesWith("Bearer " + token)).isEqualTo("200/0");
        server.clock.advance(Duration.ofSeconds(61));
        assertThat(codesWith("Bearer " + token)).isEqualTo("401/30");
    }

    @Test
    void pingNeedsNoLoginAndEchoes() {
        HttpResponse<String> response = server.send(HttpRequest.newBuilder(server.address("/debug.ping"))
                .method("GET", BodyPublishers.ofString("{\"x\":1}")));
        assertThat(response.body()).contains("\"msg\":\"ClearML server\"").contains("\"x\":1");
        assertThat(server.data("server.info", "{}").path("api_version").stringValue())
                .isEqualTo("2.34");
    }

    @Test
    void slowClientHoldsUpNobody() throws Exception {
        try (Socket slow = new Socket(
                InetAddress.getLoopbackAddress(), server.server.address().getPort())) {
            slow.getOutputStream()
                    .write("POST /queues.get_all HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\n{"
                            .getBytes(StandardCharsets.US_ASCII));
            slow.getOutputStream().flush();
            assertThat(server.codes("queues.get_all", "{}")).isEqualTo("200/0");
        }
    }

    @Test
    void manyClientsThatNeverFinishTheirRequestHoldUpNobody() throws Exception {
        List<Socket> stalled = new ArrayList<>();
        try {
            for (int i = 0; i < 300; i++) {
                Socket socket = new Socket(
                        InetAddress.getLoopbackAddress(),
                        server.server.address().getPort());
                stalled.add(socket);
                String part =
                        i % 2 == 0 ? "GET /queues.g" : "POST /queues.get_all HTTP/1.1\r\nContent-Length: 9\r\n\r\n{";
                socket.getOutputStream().write(part.getBytes(StandardCharsets.US_ASCII));
            }
            assertThat(server.codes("queues.get_all", "{}")).isEqualTo("200/0");
        } finally {
            for (Socket socket : stalled) {
                socket.close();
            }
        }
        assertThat(server.codes("queues.get_all", "{}")).isEqualTo("200/0");
    }

    @Test
    void whatIsNoHttpRequestIsRefusedAndForgotten() throws Exception {
        for (String line :
                List.of("\r\n\r\n", "HELLO\r\n\r\n", "GET  HTTP/9.9\r\n\r\n", "\u0000\u0001\u0002\r\n\r\n")) {
            try (Socket socket = new Socket(
                    InetAddress.getLoopbackAddress(), server.server.address().getPort())) {
                socket.setSoTimeout(10_000);
                socket.getOutputStream().write(line.getBytes(StandardCharsets.ISO_8859_1));
                socket.shutdownOutput();
                String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
                assertThat(answer).doesNotContain(" 200 ").doesNotContain("Exception");
            }
        }
        assertThat(server.codes("queues.get_all", "{}")).isEqualTo("200/0");
    }
}
