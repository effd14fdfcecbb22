// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What a web site could make a browser of this machine send, written to the socket byte by byte. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BrowserAttackTest {

    private static final String JSON = "Content-Type: application/json";
    private static final String EVIL = "Origin: https://evil.example";

    private TestServer guarded;
    private TestServer anonymous;

    @BeforeAll
    void start(@TempDir Path folder) {
        guarded = new TestServer(folder.resolve("guarded"));
        anonymous = new TestServer(
                folder.resolve("anonymous"),
                options -> options.withAnonymous(true).withNames(List.of("clearml.example")));
    }

    @AfterAll
    void stop() {
        guarded.close();
        anonymous.close();
    }

    private static String own(TestServer server) {
        return "127.0.0.1:" + server.server.address().getPort();
    }

    private static String cookie(TestServer server) {
        return "Cookie: clearml_token_basic=" + server.token();
    }

    /** The status of the answer and the answer itself. */
    private static String send(TestServer server, String line, String host, String body, String... headers) {
        StringBuilder request = new StringBuilder(line + " HTTP/1.1\r\nConnection: close\r\nHost: " + host + "\r\n");
        for (String header : headers) {
            request.append(header).append("\r\n");
        }
        request.append("Content-Length: ")
                .append(body.length())
                .append("\r\n\r\n")
                .append(body);
        try (Socket socket = new Socket(
                InetAddress.getLoopbackAddress(), server.server.address().getPort())) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(request.toString().getBytes(StandardCharsets.UTF_8));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return answer.substring("HTTP/1.1 ".length());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String create(TestServer server, String method, String... headers) {
        return send(
                server, method + " /tasks.create", own(server), "{\"name\":\"attack\",\"type\":\"training\"}", headers);
    }

    private static void assertNothingWasMade(TestServer server) {
        assertThat(server.data("tasks.get_all", "{'name':'^attack$'}").path("tasks"))
                .isEmpty();
    }

    @Test
    void nameOfAnotherSiteThatLeadsHereIsRefused() {
        for (TestServer server : List.of(guarded, anonymous)) {
            assertThat(send(server, "GET /queues.get_all", "evil.example:8008", "{}", JSON, cookie(server)))
                    .startsWith("400 ")
                    .contains("agent.embedded_server.names");
            assertThat(send(server, "GET /files/x", "evil.example", "", cookie(server)))
                    .startsWith("400 ");
            assertThat(send(server, "GET /debug.ping", own(server), "", "Host: evil.example"))
                    .startsWith("400 ");
        }
    }

    @Test
    void namesOfThisMachineAndGivenOnesAreServed() {
        for (String host : List.of("127.0.0.1", "localhost:8008", "[::1]:9", "host.docker.internal", "192.168.1.7")) {
            assertThat(send(guarded, "GET /debug.ping", host, "")).startsWith("200 ");
        }
        assertThat(send(anonymous, "GET /debug.ping", "ClearML.example:80", "")).startsWith("200 ");
    }

    @Test
    void requestsOfOtherSitesAreRefusedWhateverTheyBring() {
        for (TestServer server : List.of(guarded, anonymous)) {
            for (String foreign : List.of(
                    EVIL,
                    "Origin: null",
                    "Origin: http://localhost:1",
                    "Sec-Fetch-Site: cross-site",
                    "Sec-Fetch-Site: same-site")) {
                for (String credentials : List.of(cookie(server), "Authorization: " + server.authorization(), "A: b")) {
                    assertThat(create(server, "POST", JSON, foreign, credentials))
                            .as(foreign + " " + credentials)
                            .matches("(?s)40[13] .*");
                }
                assertThat(send(server, "GET /tasks.get_all", own(server), "", foreign, cookie(server)))
                        .startsWith("403 ");
                assertThat(send(server, "POST /files", own(server), "", foreign, cookie(server)))
                        .startsWith("403 ");
                assertThat(send(server, "DELETE /files/x", own(server), "", foreign, cookie(server)))
                        .startsWith("403 ");
            }
            assertNothingWasMade(server);
        }
    }

    /** A link or a picture: the browser sends its cookie along, and no Origin. */
    @Test
    void browserChangesNothingByGet() {
        for (TestServer server : List.of(guarded, anonymous)) {
            String page = "Sec-Fetch-Site: cross-site";
            String navigates = "Sec-Fetch-Mode: navigate";
            String call = "/tasks.create?name=attack&type=training";
            assertThat(send(server, "GET " + call, own(server), "", page, navigates, cookie(server)))
                    .startsWith("403 ");
            assertThat(send(server, "GET " + call, own(server), "", "User-Agent: Mozilla/5.0", cookie(server)))
                    .startsWith("403 ");
            assertThat(send(server, "GET " + call, own(server), "", cookie(server)))
                    .startsWith("403 ");
            assertThat(create(server, "GET", JSON, "Sec-Fetch-Site: same-origin", cookie(server)))
                    .startsWith("403 ");
            assertNothingWasMade(server);
        }
        assertThat(send(
                        anonymous,
                        "GET /tasks.create?name=attack&type=training",
                        own(anonymous),
                        "",
                        "User-Agent: Mozilla/5.0"))
                .startsWith("403 ");
        assertNothingWasMade(anonymous);
    }

    @Test
    void pageChangesByPostWithItsTokenOnly() {
        for (TestServer server : List.of(guarded, anonymous)) {
            String same = "Origin: http://" + own(server);
            assertThat(create(server, "POST", JSON, same, cookie(server))).startsWith("403 ");
            assertThat(create(server, "POST", JSON, same, cookie(server), "X-ClearML-Page-Token: guessed"))
                    .startsWith("403 ");
            assertNothingWasMade(server);
            String given = send(
                    server, "GET /auth.get_page_token", own(server), "", "Sec-Fetch-Site: same-origin", cookie(server));
            String token = given.replaceFirst("(?s).*\"page_token\":\"([^\"]+)\".*", "$1");
            String page = "X-ClearML-Page-Token: " + token;
            assertThat(create(server, "POST", JSON, same, cookie(server), page)).startsWith("200 ");
            assertThat(create(server, "GET", JSON, same, cookie(server), page)).startsWith("403 ");
            server.data(
                    "tasks.delete",
                    "{'task':'"
                            + server.data("tasks.get_all", "{'name':'^attack$'}")
                                    .path("tasks")
                                    .path(0)
                                    .path("id")
                                    .stringValue()
                            + "','force':true}");
        }
    }

    /** A form can send these types to any site without asking. */
    @Test
    void formsAreRefusedWithoutCredentials() {
        for (String type :
                List.of("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=b")) {
            assertThat(create(anonymous, "POST", "Content-Type: " + type)).startsWith("415 ");
        }
        assertNothingWasMade(anonymous);
    }

    /** Python's requests send no Origin; with credentials, or with JSON where none are needed, they are served as ever. */
    @Test
    void programsAreServedByGetAsEver() {
        String agent = "User-Agent: python-requests/2.34.2";
        assertThat(create(guarded, "GET", JSON, agent, cookie(guarded), "Authorization: " + guarded.authorization()))
                .startsWith("200 ");
        assertThat(create(
                        guarded,
                        "POST",
                        "Content-Type: application/x-www-form-urlencoded",
                        "Authorization: " + guarded.basic()))
                .startsWith("200 ");
        assertThat(create(anonymous, "GET", JSON, agent)).startsWith("200 ");
        for (TestServer server : List.of(guarded, anonymous)) {
            server.data("tasks.get_all", "{'name':'^attack$'}")
                    .path("tasks")
                    .forEach(task -> server.data(
                            "tasks.delete",
                            "{'force':true,'task':'" + task.path("id").stringValue() + "'}"));
        }
    }

    @Test
    void answersCannotBeUsedByOtherSites() {
        String answer = send(guarded, "GET /debug.ping", own(guarded), "");
        assertThat(answer)
                .containsIgnoringCase("X-Content-Type-Options: nosniff")
                .containsIgnoringCase("Cross-Origin-Resource-Policy: same-origin")
                .doesNotContainIgnoringCase("Access-Control-Allow");
        assertThat(send(guarded, "OPTIONS /tasks.create", own(guarded), "", EVIL))
                .startsWith("200 ")
                .doesNotContainIgnoringCase("Access-Control-Allow");
    }
}
