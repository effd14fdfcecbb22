// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import ml.clear.agent.embedded.store.Refusal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys and what was logged in with them; room for files. */
class AccessTest {

    private static int status(TestServer server, String call, String token) {
        return server.send(HttpRequest.newBuilder(server.address("/" + call))
                        .header("Authorization", "Bearer " + token)
                        .GET())
                .statusCode();
    }

    @Test
    void tokensEndWithTheirKeyAndRenewThemselvesNoMore(@TempDir Path folder) {
        try (TestServer server = new TestServer(folder)) {
            String first = server.token();
            String second = server.data("auth.login", "{}").path("token").stringValue();
            assertThat(status(server, "queues.get_all", second)).isEqualTo(200);
            assertThat(server.pairs.revoke(server.keys.accessKey())).isTrue();
            for (String token : new String[] {first, second}) {
                assertThat(status(server, "queues.get_all", token)).isEqualTo(401);
                assertThat(status(server, "auth.login", token)).isEqualTo(401);
                assertThat(status(server, "files/x", token)).isEqualTo(401);
            }
        }
    }

    private static HttpResponse<String> upload(TestServer server, String name, int size) {
        String body = "--b\r\nContent-Disposition: form-data; name=\"/" + name + "\"\r\n\r\n" + "x".repeat(size)
                + "\r\n--b--\r\n";
        return server.send(server.request("/files")
                .header("Content-Type", "multipart/form-data; boundary=b")
                .POST(BodyPublishers.ofString(body)));
    }

    @Test
    void uploadsBeyondTheLimitAreRefusedUntilThereIsRoom(@TempDir Path folder) {
        try (TestServer server = new TestServer(folder, options -> options.withFileBytes(1000))) {
            assertThat(upload(server, "a", 600).statusCode()).isEqualTo(200);
            HttpResponse<String> refused = upload(server, "b", 600);
            assertThat(refused.statusCode()).isEqualTo(507);
            assertThat(refused.body()).contains("may hold 1000 bytes").contains("agent.embedded_server.files_limit");
            assertThat(server.send(server.request("/files/b").GET()).statusCode())
                    .isEqualTo(404);
            assertThat(upload(server, "c", 100).statusCode()).isEqualTo(200);
            assertThat(upload(server, "c", 150).statusCode()).as("replaces").isEqualTo(200);
            assertThat(server.send(server.request("/files/a").DELETE()).statusCode())
                    .isEqualTo(200);
            assertThat(upload(server, "b", 600).statusCode()).isEqualTo(200);
        }
    }

    /** The kernel's device that is always full. */
    @Test
    void fullDiskIsNamedAsSuch(@TempDir Path folder) throws Exception {
        FileQuota quota = new FileQuota(folder, 0);
        try (FileQuota.Upload upload = quota.new Upload(Files.newOutputStream(Path.of("/dev/full")))) {
            assertThatThrownBy(() -> upload.write(new byte[100], 0, 100))
                    .isInstanceOfSatisfying(
                            Refusal.class, refusal -> assertThat(refusal.code()).isEqualTo(507))
                    .hasMessageContaining("the disk of the server is full");
        }
    }
}
