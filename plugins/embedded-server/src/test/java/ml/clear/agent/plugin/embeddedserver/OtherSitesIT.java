// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.embeddedserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import ml.clear.agent.embedded.store.Json;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Pages of other sites in a real browser, while the server serves callers without credentials. */
@Tag("thorough")
class OtherSitesIT {

    @Test
    void pagesOfOtherSitesChangeNothingOnAnAnonymousServer(@TempDir Path folder) throws Exception {
        TestContext context = TestContext.in(folder).with(ServerSettings.ANONYMOUS, true);
        RunningServer.Request request = new RunningServer.Request(
                folder.resolve("data"),
                "127.0.0.1",
                Optional.empty(),
                ServerSettings.of(context),
                folder.resolve("no libraries"),
                folder);
        try (RunningServer server =
                        RunningServer.start(request, InstantSource.system()).orElseThrow();
                Chromium browser = Chromium.start(
                        Chromium.program(),
                        folder.resolve("profile"),
                        "--host-resolver-rules=MAP evil.example 127.0.0.1")) {
            URI api = server.api();
            String task = call(api, "tasks.create", "{\"name\":\"own\",\"type\":\"training\"}")
                    .path("id")
                    .stringValue();
            call(api, "tasks.started", "{\"task\":\"" + task + "\"}");
            try (ForeignSite site = ForeignSite.start(api, task)) {
                for (String host : List.of("127.0.0.1", "localhost", "evil.example")) {
                    try (BrowserTab tab = browser.open(site.at(host))) {
                        tab.await("globalThis.attacked");
                        assertThat(tab.evaluate("stolen.join()").asString("?"))
                                .as(host)
                                .isEmpty();
                    }
                }
            }

            List<String> names = call(api, "tasks.get_all", "{}")
                    .path("tasks")
                    .valueStream()
                    .map(found -> found.path("name").asString() + " "
                            + found.path("status").asString())
                    .toList();
            assertThat(names).containsExactly("own in_progress");
        }
    }

    /** A call of a script on this machine, without credentials. */
    private static JsonNode call(URI api, String name, String body) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) URI.create(api + "/" + name).toURL().openConnection(Proxy.NO_PROXY);
        connection.setRequestProperty("Content-Type", "application/json");
        connection.setDoOutput(true);
        try (OutputStream out = connection.getOutputStream()) {
            out.write(body.getBytes(StandardCharsets.UTF_8));
        }
        return Json.parse(connection.getInputStream().readAllBytes()).path("data");
    }
}
