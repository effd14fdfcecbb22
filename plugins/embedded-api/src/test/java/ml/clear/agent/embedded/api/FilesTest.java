// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FilesTest {

    private static final String BOUNDARY = "0123456789abcdef";

    private TestServer server;
    private Path folder;

    @BeforeAll
    void start(@TempDir Path folder) {
        this.folder = folder;
        server = new TestServer(folder);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private HttpResponse<String> upload(String name, byte[] content) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"" + name + "\"; filename=\""
                        + name + "\"\r\nContent-Type: text/plain\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8));
        body.writeBytes(content);
        body.writeBytes(("\r\n--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.UTF_8));
        return server.send(server.request("/files")
                .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
                .POST(BodyPublishers.ofByteArray(body.toByteArray())));
    }

    private HttpResponse<byte[]> get(String path) {
        return server.send(server.request("/files" + path).GET(), HttpResponse.BodyHandlers.ofByteArray());
    }

    @Test
    void largeFileComesBackByteForByte() {
        byte[] content = new byte[3_000_017];
        new Random(7).nextBytes(content);
        // A piece that looks like the beginning of a delimiter must not end the file.
        byte[] trap = ("\r\n--" + BOUNDARY.substring(0, 8)).getBytes(StandardCharsets.UTF_8);
        System.arraycopy(trap, 0, content, 65_530, trap.length);
        assertThat(upload("/p/run.1/artifacts/large.gz", content).statusCode()).isEqualTo(200);
        HttpResponse<byte[]> response = get("/p/run.1/artifacts/large.gz");
        assertThat(response.body()).isEqualTo(content);
        assertThat(response.headers().firstValue("Content-Encoding")).isEmpty();
        assertThat(response.headers().firstValue("Content-Length")).contains("3000017");
    }

    @Test
    void nameIsStoredAsSentAndDecodedOnceInAddresses() {
        assertThat(upload("/p/100%25 ü.txt", new byte[] {1}).body()).isEqualTo("[\"p/100%25 ü.txt\"]");
        assertThat(get("/p/100%2525%20%C3%BC.txt").statusCode()).isEqualTo(200);
        assertThat(get("/p/100%25%20%C3%BC.txt").statusCode()).isEqualTo(404);
    }

    @Test
    void emptyFileAndHeadAndRange() {
        upload("r/empty", new byte[0]);
        assertThat(get("/r/empty").body()).isEmpty();
        upload("r/digits", "0123456789".getBytes(StandardCharsets.UTF_8));
        HttpResponse<String> head =
                server.send(server.request("/files/r/digits").method("HEAD", BodyPublishers.noBody()));
        assertThat(head.headers().firstValue("Content-Length")).contains("10");
        assertThat(range("bytes=2-4")).isEqualTo("206 234");
        assertThat(range("bytes=7-")).isEqualTo("206 789");
        assertThat(range("bytes=-2")).isEqualTo("206 89");
        assertThat(range("bytes=5-99")).isEqualTo("206 56789");
        assertThat(range("bytes=10-")).startsWith("416");
        assertThat(range("lines=1-2")).isEqualTo("200 0123456789");
    }

    @Test
    void theEntityTagChangesWithTheFileAndOnlyThen() {
        upload("r/tagged", new byte[] {1});
        HttpResponse<byte[]> first = get("/r/tagged");
        HttpResponse<String> head =
                server.send(server.request("/files/r/tagged").method("HEAD", BodyPublishers.noBody()));
        String tag = first.headers().firstValue("ETag").orElseThrow();

        assertThat(tag).matches("\"[0-9a-f-]+\"");
        assertThat(head.headers().firstValue("ETag")).contains(tag);
        assertThat(head.headers().firstValue("Last-Modified").orElseThrow()).endsWith(" GMT");
        upload("r/tagged", new byte[] {2});
        assertThat(get("/r/tagged").headers().firstValue("ETag").orElseThrow()).isNotEqualTo(tag);
    }

    private String range(String range) {
        HttpResponse<String> response = server.send(
                server.request("/files/r/digits").header("Range", range).GET());
        return response.statusCode() + " " + response.body();
    }

    @ParameterizedTest
    @ValueSource(strings = {"../outside", "a/../../outside", "/../../outside", "..", "", "a/./b", "x\0y"})
    void namesThatLeadOutsideAreNotFound(String name) {
        assertThat(upload(name, new byte[] {1}).statusCode()).isEqualTo(404);
        assertThat(Files.exists(folder.resolve("outside"))).isFalse();
        assertThat(Files.exists(folder.resolve("data").resolve("outside"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/%2e%2e/token.key",
                "/%2e%2e%2ftoken.key",
                "/..%2ftoken.key",
                "/a/%2e%2e/%2e%2e/token.key",
                "/%2Fetc%2Fpasswd",
                "/%00",
                "/none"
            })
    void addressesThatLeadOutsideAreNotFound(String path) {
        assertThat(get(path).statusCode()).isEqualTo(404);
    }

    @Test
    void filesAreDeletedOneByOneAndTogether() {
        upload("d/one", new byte[] {1});
        upload("d/two%20", new byte[] {2});
        upload("d/deep/three", new byte[] {3});
        assertThat(server.send(server.request("/files/d").DELETE()).statusCode())
                .isEqualTo(404);
        HttpResponse<String> deleted =
                server.send(server.request("/files/d/one").DELETE());
        assertThat(deleted.body()).isEqualTo("\"d/one\"");
        assertThat(get("/d/one").statusCode()).isEqualTo(404);
        HttpResponse<String> many = server.send(server.request("/files/delete_many")
                .POST(BodyPublishers.ofString("{\"files\":[\"d/two%2520\",\"d/deep\",\"/d/two\",\"../data\"]}")));
        assertThat(many.body())
                .isEqualTo("{\"deleted\":{\"d/two%2520\":\"d/two%20\",\"d/deep\":\"d/deep\"},"
                        + "\"errors\":{\"Not found\":[\"/d/two\",\"../data\"]}}");
        assertThat(server.send(server.request("/files/delete_many").POST(BodyPublishers.ofString("{\"files\":[]}")))
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void strangersAndWrongMethodsAreRefused() {
        assertThat(server.send(HttpRequest.newBuilder(server.address("/files/r/digits"))
                                .GET())
                        .statusCode())
                .isEqualTo(401);
        assertThat(server.send(HttpRequest.newBuilder(server.address("/files")).GET())
                        .body())
                .isEqualTo("OK");
        assertThat(server.send(HttpRequest.newBuilder(server.address("/files"))
                                .header("Authorization", "Bearer x")
                                .GET())
                        .statusCode())
                .isEqualTo(401);
        assertThat(server.send(HttpRequest.newBuilder(server.address("/files/r/digits"))
                                .header("Cookie", "a=b; clearml_token_basic=" + server.token())
                                .GET())
                        .statusCode())
                .isNotEqualTo(401);
        assertThat(server.send(server.request("/files/x").POST(BodyPublishers.noBody()))
                        .statusCode())
                .isEqualTo(405);
        assertThat(server.send(server.request("/files/x").PUT(BodyPublishers.noBody()))
                        .statusCode())
                .isEqualTo(405);
        assertThat(server.send(server.request("/files").POST(BodyPublishers.ofString("x")))
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void cutOffUploadLeavesNothing() throws Exception {
        String whole = "--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"/cut\"\r\n\r\nhalf";
        HttpResponse<String> response = server.send(server.request("/files")
                .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
                .POST(BodyPublishers.ofString(whole)));
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(get("/cut").statusCode()).isEqualTo(404);
        try (var left = Files.list(folder.resolve("data").resolve("incoming"))) {
            assertThat(left).isEmpty();
        }
    }
}
