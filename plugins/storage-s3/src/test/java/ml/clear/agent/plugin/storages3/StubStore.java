// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.storages3;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import ml.clear.agent.api.storage.StorageAddress;
import ml.clear.agent.testkit.TestSettings;

/** A store whose answers a test chooses; an empty object unless it does. */
final class StubStore implements AutoCloseable {

    private final AtomicReference<HttpHandler> answer =
            new AtomicReference<>(exchange -> exchange.sendResponseHeaders(200, -1));
    private final HttpServer server;
    private final boolean secure;

    private StubStore(HttpServer server, boolean secure) {
        this.server = server;
        this.secure = secure;
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            try (exchange) {
                answer.get().handle(exchange);
            }
        });
        server.start();
    }

    static StubStore start() throws IOException {
        return new StubStore(HttpServer.create(loopback(), 0), false);
    }

    static StubStore secured(SSLContext tls) throws IOException {
        HttpsServer secure = HttpsServer.create(loopback(), 0);
        secure.setHttpsConfigurator(new HttpsConfigurator(tls));
        return new StubStore(secure, true);
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    void answer(HttpHandler handler) {
        answer.set(handler);
    }

    String host() {
        return "localhost:" + server.getAddress().getPort();
    }

    StorageAddress address(String key) {
        return StorageAddress.parse("s3://" + host() + "/bucket/" + key);
    }

    /** Settings with an entry for this store. */
    TestSettings settings(Map<String, String> members) {
        Map<String, Object> entry = new HashMap<>(members);
        entry.put("host", host());
        entry.put("secure", String.valueOf(secure));
        return TestSettings.defaults().with(S3Settings.CREDENTIALS, List.of(entry));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
