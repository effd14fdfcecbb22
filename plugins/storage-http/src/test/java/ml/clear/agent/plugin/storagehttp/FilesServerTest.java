// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.storagehttp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpHandler;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import ml.clear.agent.api.storage.ByteRange;
import ml.clear.agent.api.storage.ObjectSource;
import ml.clear.agent.api.storage.StorageAddress;
import ml.clear.agent.api.storage.StorageBackend;
import ml.clear.agent.api.storage.WriteCondition;
import ml.clear.agent.testkit.StorageBackendContract;
import ml.clear.agent.testkit.TestContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FilesServerTest extends StorageBackendContract {

    @TempDir
    private Path folder;

    private WebServer server;
    private StorageBackend storage;

    @BeforeEach
    void start() throws Exception {
        server = new WebServer();
        storage = new HttpStorage(TestContext.in(folder).with(new Server(URI.create(base()))));
    }

    @AfterEach
    void stop() {
        storage.close();
        server.close();
    }

    private String base() {
        return "http://127.0.0.1:" + server.port() + "/files";
    }

    @Override
    protected StorageBackend backend() {
        return storage;
    }

    @Override
    protected StorageAddress place() {
        return StorageAddress.parse(base() + "/place");
    }

    @Test
    void theTokenGoesToNoOtherServerAndToNoOtherPathOfItsHost() throws Exception {
        List<String> sent = new CopyOnWriteArrayList<>();
        HttpHandler recording = exchange -> {
            sent.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            WebServer.send(exchange, new byte[1]);
        };
        try (WebServer other = new WebServer()) {
            other.fault.set(recording);
            server.fault.set(recording);
            storage.read(at(other.port(), "/files/place/a"), ByteRange.ALL).close();
            storage.read(at(server.port(), "/beside"), ByteRange.ALL).close();
        }

        assertThat(sent).containsExactly("null", "null");
    }

    private static StorageAddress at(int port, String path) {
        return StorageAddress.parse("http://127.0.0.1:" + port + path);
    }

    @Test
    void aNameWithAControlCharacterIsRefused() {
        assertThatThrownBy(() -> storage.write(
                        place().resolve("line\nbreak"), ObjectSource.of(new byte[1]), WriteCondition.NONE))
                .hasMessageContaining("control characters");
    }
}
