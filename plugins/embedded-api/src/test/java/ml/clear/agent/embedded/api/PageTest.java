// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import ml.clear.agent.embedded.store.Json;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The page's files and sessions, over HTTP. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PageTest {

    private final AtomicReference<String> machineKey = new AtomicReference<>("");
    private TestServer server;
    private OneTimeTokens once;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        server = new TestServer(folder, options -> options.withMachineKey(() -> Optional.of(machineKey.get())));
        machineKey.set(server.keys.accessKey());
        once = OneTimeTokens.of(DataFolder.open(folder.resolve("data")), server.clock);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private HttpResponse<String> get(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(server.address(path));
        return server.send(headers.length == 0 ? request : request.headers(headers));
    }

    private HttpResponse<String> logIn(String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(server.address(PageLogin.PATH))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body.replace('\'', '"')));
        return server.send(headers.length == 0 ? request : request.headers(headers));
    }

    private static String cookie(HttpResponse<String> answer) {
        return answer.headers().firstValue("Set-Cookie").orElseThrow().replaceFirst(";.*", "");
    }

    private static String pageToken(HttpResponse<String> answer) {
        return Json.parse(answer.body().getBytes(StandardCharsets.UTF_8))
                .path("page_token")
                .stringValue();
    }

    @Test
    void addressesOfTheWebApplicationShowThePage() {
        String id = "0".repeat(32);
        for (String path : new String[] {
            "/",
            "/projects",
            "/projects/*/tasks",
            "/projects/" + id + "/tasks/" + id + "/output/log",
            "/projects/" + id + "/experiments/" + id + "/output/log",
            "/projects/" + id + "/tasks/" + id + "/info-output/metrics/scalar?columns=x",
            "/projects/*/compare-tasks;ids=" + id + "," + id + "/scalars",
            "/datasets/simple/" + id + "/experiments/" + id,
            "/workers-and-queues/workers",
            "/settings",
            "/login"
        }) {
            HttpResponse<String> answer = get(path);
            assertThat(answer.statusCode()).as(path).isEqualTo(200);
            assertThat(answer.body()).as(path).startsWith("<!doctype html>");
        }
    }

    @Test
    void callsOfTheApiAreNoPages() {
        assertThat(get("/debug.ping").body()).contains("ClearML server");
        assertThat(get("/nonsense").statusCode()).isEqualTo(400);
        HttpResponse<String> posted = server.send(HttpRequest.newBuilder(server.address("/projects"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{}")));
        assertThat(posted.statusCode()).isEqualTo(400);
    }

    @Test
    void answersAllowNothingOfOtherHostsAndNoFrames() {
        for (String path : new String[] {"/", "/page/app.js", "/page/missing.js"}) {
            var headers = get(path).headers();
            assertThat(headers.firstValue("Content-Security-Policy").orElseThrow())
                    .contains("default-src 'none'")
                    .contains("script-src 'self';")
                    .contains("frame-ancestors 'none'")
                    .doesNotContain("unsafe-eval");
            assertThat(headers.firstValue("X-Content-Type-Options")).contains("nosniff");
        }
        assertThat(get("/").body())
                .doesNotContain("http:")
                .doesNotContain("https:")
                .doesNotContain("<style");
    }

    @Test
    void filesAreSentAgainOnlyWhenTheyHaveChanged() {
        HttpResponse<String> first = get("/page/library/lit-html/lit-html.js");
        assertThat(first.headers().firstValue("Content-Type")).contains("text/javascript; charset=utf-8");
        String tag = first.headers().firstValue("ETag").orElseThrow();
        HttpResponse<String> second = get("/page/library/lit-html/lit-html.js", "If-None-Match", tag);
        assertThat(second.statusCode()).isEqualTo(304);
        assertThat(second.body()).isEmpty();
    }

    @Test
    void onlyFilesOfTheSiteAreServed() {
        for (String path : new String[] {
            "/page/",
            "/page/missing.js",
            "/page/../PageHandler.class",
            "/page/%2e%2e/PageHandler.class",
            "/page/style",
            "/page/library/lit-html/LICENSE",
            "/page//app.js"
        }) {
            assertThat(get(path).statusCode()).as(path).isEqualTo(404);
        }
    }

    @Test
    void browserOfTheServersUserNeedsNoKey() {
        HttpResponse<String> answer = logIn("{}");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Set-Cookie").orElseThrow())
                .contains("HttpOnly")
                .contains("SameSite=Strict");
        HttpResponse<String> call = server.send(HttpRequest.newBuilder(server.address("/tasks.create"))
                .headers("Content-Type", "application/json", "Cookie", cookie(answer), "Sec-Fetch-Site", "same-origin")
                .header(BrowserGuard.PAGE_TOKEN, pageToken(answer))
                .POST(BodyPublishers.ofString("{\"name\":\"of the page\",\"type\":\"training\"}")));
        assertThat(call.statusCode()).as(call.body()).isEqualTo(200);
        HttpResponse<String> again = logIn("{}", "Cookie", cookie(answer));
        assertThat(again.headers().firstValue("Set-Cookie"))
                .as("the session goes on")
                .isEmpty();
        assertThat(pageToken(again)).isEqualTo(pageToken(answer));
    }

    @Test
    void proxiesNeedCredentialsForTheirCallers() {
        for (String header : new String[] {"X-Forwarded-For", "Forwarded", "Via", "X-Real-IP"}) {
            assertThat(logIn("{}", header, "192.0.2.1").statusCode()).as(header).isEqualTo(401);
        }
    }

    @Test
    void otherSitesStartNoSession() {
        assertThat(logIn("{}", "Origin", "https://evil.example").statusCode()).isEqualTo(403);
        assertThat(logIn("{}", "Sec-Fetch-Site", "cross-site").statusCode()).isEqualTo(403);
        assertThat(get(PageLogin.PATH).statusCode()).isEqualTo(405);
        HttpResponse<String> form = server.send(HttpRequest.newBuilder(server.address(PageLogin.PATH))
                .header("Content-Type", "text/plain")
                .POST(BodyPublishers.ofString("{}")));
        assertThat(form.statusCode()).isEqualTo(415);
    }

    @Test
    void keyPairStartsASessionThatEndsWithIt() {
        KeyPairs.KeyPair pair = server.pairs.create("a browser");
        assertThat(logIn("{'access_key':'" + pair.accessKey() + "','secret_key':'wrong'}")
                        .statusCode())
                .isEqualTo(401);
        HttpResponse<String> answer =
                logIn("{'access_key':'" + pair.accessKey() + "','secret_key':'" + pair.secretKey() + "'}");
        assertThat(get("/users.get_current_user", "Cookie", cookie(answer)).statusCode())
                .isEqualTo(200);
        server.pairs.revoke(pair.accessKey());
        assertThat(get("/users.get_current_user", "Cookie", cookie(answer)).statusCode())
                .isEqualTo(401);
    }

    @Test
    void oneTimeTokenLogsInOnce() {
        String proxied = "X-Forwarded-For";
        String token = once.create();
        assertThat(logIn("{'token':'" + token + "'}", proxied, "192.0.2.1").statusCode())
                .isEqualTo(200);
        assertThat(logIn("{'token':'" + token + "'}", proxied, "192.0.2.1").statusCode())
                .isEqualTo(401);
        String forged = token.substring(0, token.length() - 1) + (token.endsWith("A") ? "B" : "A");
        assertThat(logIn("{'token':'" + forged + "'}").statusCode()).isEqualTo(401);
        assertThat(logIn("{'token':''}").statusCode()).isEqualTo(401);
        String late = once.create();
        server.clock.advance(OneTimeTokens.LIFE.plus(Duration.ofSeconds(1)));
        assertThat(logIn("{'token':'" + late + "'}").statusCode()).isEqualTo(401);
    }

    @Test
    void cookieOfAnotherServerOnTheHostIsIgnored() {
        HttpResponse<String> answer =
                logIn("{}", "Cookie", "clearml_page_1=of.another.server; clearml_token_basic=a.b.c");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(get("/users.get_current_user", "Cookie", "clearml_token_basic=a.b.c; " + cookie(answer))
                        .statusCode())
                .isEqualTo(200);
    }
}
