// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.storagehttp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.storage.ByteRange;
import ml.clear.agent.api.storage.ObjectContent;
import ml.clear.agent.api.storage.ObjectListing;
import ml.clear.agent.api.storage.ObjectSource;
import ml.clear.agent.api.storage.StorageAddress;
import ml.clear.agent.api.storage.StorageCapability;
import ml.clear.agent.api.storage.WriteCondition;
import ml.clear.agent.testkit.TestContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Web servers other than the files server, and the failures of any. */
class WebServersTest {

    private static final byte[] CONTENT = "0123456789".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    private Path folder;

    private WebServer server;
    private HttpStorage storage;

    @BeforeEach
    void start() throws Exception {
        server = new WebServer();
        storage = new HttpStorage(TestContext.in(folder));
    }

    @AfterEach
    void stop() {
        storage.close();
        server.close();
    }

    private StorageAddress object(String path) {
        return StorageAddress.parse("http://127.0.0.1:" + server.port() + path);
    }

    private byte[] read(StorageAddress object, ByteRange range) throws Exception {
        try (ObjectContent content = storage.read(object, range)) {
            return content.stream().readAllBytes();
        }
    }

    @Test
    void aSignedAddressIsSentAsItIsAndShownWithoutItsSignature() throws Exception {
        List<String> queries = new CopyOnWriteArrayList<>();
        server.fault.set(exchange -> {
            queries.add(exchange.getRequestURI().getRawQuery());
            WebServer.send(exchange, exchange.getRequestMethod().equals("HEAD") ? null : CONTENT);
        });
        StorageAddress signed = object("/bucket/key?X-Signature=a%2Fb%3D&x=1");

        assertThat(read(signed, ByteRange.ALL)).isEqualTo(CONTENT);
        assertThat(queries).containsExactly("X-Signature=a%2Fb%3D&x=1");
        assertThat(signed.toString()).doesNotContain("Signature");
    }

    @Test
    void aServerThatRefusesHeadIsAskedForTheFirstByte() throws Exception {
        server.fault.set(exchange -> {
            if (exchange.getRequestMethod().equals("HEAD")) {
                exchange.sendResponseHeaders(403, -1);
            } else {
                WebServer.send(exchange, CONTENT);
            }
        });

        assertThat(storage.stat(object("/a")))
                .hasValueSatisfying(facts -> assertThat(facts.size()).isEqualTo(10));
    }

    @Test
    void aServerWithoutRangesGivesThemAllTheSame() throws Exception {
        server.fault.set(exchange -> {
            exchange.sendResponseHeaders(200, CONTENT.length);
            exchange.getResponseBody().write(CONTENT);
        });

        assertThat(read(object("/a"), new ByteRange(3, 4))).isEqualTo("3456".getBytes(StandardCharsets.US_ASCII));
        assertThat(read(object("/a"), ByteRange.from(8))).isEqualTo("89".getBytes(StandardCharsets.US_ASCII));
        assertThat(read(object("/a"), ByteRange.from(20))).isEmpty();
    }

    @Test
    void userAndPasswordOfTheAddressAreSentAndNotShown() throws Exception {
        List<String> sent = new CopyOnWriteArrayList<>();
        server.fault.set(exchange -> {
            sent.add(exchange.getRequestHeaders().getFirst("Authorization"));
            exchange.sendResponseHeaders(403, -1);
        });
        StorageAddress address = StorageAddress.parse("http://ci:pass-word@127.0.0.1:" + server.port() + "/a");

        assertThatThrownBy(() -> storage.read(address, ByteRange.ALL))
                .hasMessageNotContaining("pass-word")
                .hasMessageStartingWith("not allowed to read 'http://127.0.0.1:");
        assertThat(sent)
                .containsExactly("Basic "
                        + Base64.getEncoder().encodeToString("ci:pass-word".getBytes(StandardCharsets.US_ASCII)));
    }

    @Test
    void otherWebServersAreOnlyRead() {
        StorageAddress object = object("/a");

        assertThat(storage.capabilities(object)).containsExactly(StorageCapability.RANGES);
        assertThatThrownBy(() -> storage.write(object, ObjectSource.of(CONTENT), WriteCondition.NONE))
                .hasMessageEndingWith("name an address below the files server");
        assertThatThrownBy(() -> storage.delete(object)).hasMessageContaining("not below api.files_server");
        assertThatThrownBy(() -> storage.list(ObjectListing.of(object))).hasMessageContaining("list nothing");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "401 | CREDENTIALS_REFUSED | the server refuses the credentials (401); put user and password into the address",
                "403 | ACCESS_DENIED       | not allowed to read",
                "404 | NOT_FOUND           | there is no",
                "410 | NOT_FOUND           | there is no",
                "429 | THROTTLED           | the server answers 429: too many requests",
                "500 | SERVER_UNAVAILABLE  | the server answers 500; check the log of the server",
                "502 | SERVER_UNAVAILABLE  | the server answers 502",
                "503 | THROTTLED           | the server answers 503: it is overloaded or down for maintenance",
                "418 | STORAGE_FAILED      | the server answers 418; check the address",
            })
    void everyAnswerHasItsCodeAndItsWords(int status, ErrorCode code, String words) {
        server.fault.set(exchange -> exchange.sendResponseHeaders(status, -1));

        assertThatThrownBy(() -> storage.read(object("/dir/a b"), ByteRange.ALL))
                .isInstanceOfSatisfying(
                        AgentException.class,
                        failure -> assertThat(failure.code()).isEqualTo(code))
                .hasMessageContaining(words)
                .hasMessageContaining("'http://127.0.0.1:" + server.port() + "/dir/a b'");
    }

    @Test
    void aServerThatIsNotThereCannotBeReached() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        StorageAddress gone = StorageAddress.parse("http://127.0.0.1:" + port + "/a");

        assertThatThrownBy(() -> storage.stat(gone))
                .isInstanceOfSatisfying(
                        AgentException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.SERVER_UNAVAILABLE))
                .hasMessage("'127.0.0.1:" + port + "' cannot be reached: the connection is refused; check the address"
                        + " and the network");
    }

    @Test
    void aBodyThatIsCutOffIsAnErrorOfItsStream() throws Exception {
        HttpHandler truncated = exchange -> {
            exchange.sendResponseHeaders(200, 1000);
            exchange.getResponseBody().write(CONTENT);
            exchange.getResponseBody().flush();
            throw new IOException("the server dies");
        };
        server.fault.set(truncated);

        try (ObjectContent content = storage.read(object("/a"), ByteRange.ALL)) {
            assertThatThrownBy(() -> content.stream().readAllBytes()).isInstanceOf(IOException.class);
        }
    }
}
