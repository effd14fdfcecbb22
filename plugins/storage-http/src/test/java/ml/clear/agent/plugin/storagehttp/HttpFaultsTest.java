// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.storagehttp;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.SSLContext;
import ml.clear.agent.api.storage.ByteRange;
import ml.clear.agent.api.storage.ObjectContent;
import ml.clear.agent.api.storage.StorageAddress;
import ml.clear.agent.api.storage.StorageBackend;
import ml.clear.agent.testkit.DirectNetwork;
import ml.clear.agent.testkit.FaultyServer;
import ml.clear.agent.testkit.TestContext;
import ml.clear.agent.testkit.WebStorageFaultsContract;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HttpFaultsTest extends WebStorageFaultsContract {

    @Override
    protected StorageBackend backend(URI server, SSLContext trust, Duration stall, Path folder) {
        return new HttpStorage(TestContext.in(folder).with(new DirectNetwork(trust)), stall);
    }

    @Override
    protected StorageAddress object(URI server) {
        return StorageAddress.parse(server + "/folder/object");
    }

    @Override
    protected Map<String, String> headers() {
        return Map.of("ETag", "\"7\"");
    }

    @Test
    void aServerThatStopsSendingIsNamedAsTheReason(@TempDir Path folder) throws Exception {
        try (FaultyServer server = FaultyServer.start();
                StorageBackend storage = new HttpStorage(TestContext.in(folder), Duration.ofSeconds(1))) {
            server.fail(FaultyServer.Fault.STALLED);
            try (ObjectContent content = storage.read(object(URI.create(server.address())), ByteRange.ALL)) {
                assertThatThrownBy(() -> content.stream().readAllBytes())
                        .isInstanceOf(IOException.class)
                        .hasMessage("the server sends nothing for 1 s");
            }
        }
    }
}
