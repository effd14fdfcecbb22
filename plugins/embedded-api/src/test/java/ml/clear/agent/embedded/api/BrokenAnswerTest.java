// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import ml.clear.agent.embedded.store.Database;
import ml.clear.agent.embedded.store.Json;
import ml.clear.agent.embedded.store.SqliteLibrary;
import ml.clear.agent.embedded.store.StoreException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Answers whose parts are made while they are written, where one of the parts cannot be made. */
class BrokenAnswerTest {

    private HttpServer http;
    private Database database;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        SqliteLibrary.prepare(Path.of("none"), Path.of("target", "native").toAbsolutePath());
        DataFolder data = DataFolder.open(folder);
        TestServer.MovableClock clock = new TestServer.MovableClock();
        database = Database.open(data.database());
        Routes routes = new Routes();
        for (int elements : List.of(0, 1000)) {
            routes.add(new Endpoint(
                    "test.breaks_after_" + elements, ApiVersion.FIRST, Set.of(Endpoint.Trait.OPEN), call -> {
                        var answer = Json.object();
                        answer.set("list", Json.list(() -> breaking(elements)));
                        return answer;
                    }));
        }
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        Tokens tokens = new Tokens(data.tokenKey(), clock, database);
        ApiHandler handler = new ApiHandler(
                routes,
                new Authentication(tokens, new KeyPairs(database, clock), false, 0),
                new BrowserGuard(new HostNames(http.getAddress(), List.of()), tokens, false),
                new Bodies(folder));
        SilentCallers silent = new SilentCallers(SilentCallers.PATIENCE);
        http.setExecutor(work -> Thread.ofVirtual().start(() -> silent.watch(work)));
        http.createContext("/", exchange -> {
            SilentCallers.begin(exchange);
            try (exchange) {
                handler.handle(exchange);
            }
        });
        http.start();
    }

    @AfterEach
    void stop() {
        http.stop(0);
        database.close();
    }

    private static Iterator<JsonNode> breaking(int elements) {
        return Stream.concat(
                        Stream.generate(() -> (JsonNode) Json.object().put("text", "x".repeat(100)))
                                .limit(elements),
                        Stream.<JsonNode>generate(() -> {
                            throw new StoreException("the disk is gone", null);
                        }))
                .iterator();
    }

    private String ask(String call) throws Exception {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), http.getAddress().getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write(("GET /" + call + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void answerThatBreaksBeforeAnythingWasSentIsARefusal() throws Exception {
        assertThat(ask("test.breaks_after_0"))
                .startsWith("HTTP/1.1 500 ")
                .contains("\"result_code\":500")
                .doesNotContain("disk");
    }

    @Test
    void halfAnAnswerDoesNotLookLikeAWholeOne() throws Exception {
        String answer = ask("test.breaks_after_1000");
        assertThat(answer).startsWith("HTTP/1.1 200 ").contains("Transfer-encoding: chunked");
        // Only the last chunk, of length zero, shows the caller that nothing is missing.
        assertThat(answer).doesNotEndWith("0\r\n\r\n");
    }
}
