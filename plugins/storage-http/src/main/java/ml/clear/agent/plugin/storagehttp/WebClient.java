// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.storagehttp;

import java.io.IOException;
import java.io.InputStream;
import java.net.Proxy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.spi.Network;
import ml.clear.agent.api.storage.StorageAddress;

/** Sends requests with the agent's trust and proxies. */
final class WebClient implements AutoCloseable {

    private static final Duration CONNECT = Duration.ofSeconds(30);

    /** Longest wait for the head of an answer; an upload is on its way meanwhile. */
    private static final Duration UPLOAD = Duration.ofHours(12);

    static {
        // otherwise the JDK sends no user and password to a proxy that makes a tunnel to an https server
        System.setProperty("jdk.http.auth.tunneling.disabledSchemes", "");
    }

    private final HttpClient client;
    private final Network network;
    private final FilesServer filesServer;
    private final Duration stall;
    private final ScheduledThreadPoolExecutor alarms = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("storage-http-alarms").factory());

    /** @param stall longest wait for an answer, and for its next bytes */
    WebClient(Network network, FilesServer filesServer, Duration stall) {
        this.network = network;
        this.filesServer = filesServer;
        this.stall = stall;
        alarms.setRemoveOnCancelPolicy(true);
        client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT)
                .followRedirects(HttpClient.Redirect.NORMAL)
                .sslContext(network.sslContext())
                .proxy(network.proxySelector())
                .build();
    }

    /** A request for an object, with the credentials that its server is to get. */
    HttpRequest.Builder request(StorageAddress object) throws InterruptedException {
        String authority = object.authority();
        int user = authority.lastIndexOf('@');
        URI address = uri(object.scheme() + "://" + authority.substring(user + 1) + "/"
                + StorageAddress.encoded(object.key()) + (object.query().isEmpty() ? "" : "?" + object.query()));
        HttpRequest.Builder request = to(address).timeout(stall);
        if (user > 0) {
            request.header("Authorization", basic(authority.substring(0, user)));
        } else if (filesServer.has(object)) {
            filesServer.token().ifPresent(token -> request.header("Authorization", "Bearer " + token.reveal()));
        }
        return request;
    }

    /** A request with the credentials of the proxy on its way; a client that asks for them when needed would answer servers too. */
    private HttpRequest.Builder to(URI address) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address);
        network.proxySelector().select(address).stream()
                .findFirst()
                .map(Proxy::address)
                .flatMap(network::proxyCredentials)
                .ifPresent(pair -> request.header(
                        "Proxy-Authorization", basic(pair.getUserName() + ":" + new String(pair.getPassword()))));
        return request;
    }

    private static String basic(String pair) {
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    /** A request that stores something below an address. */
    HttpRequest.Builder upload(URI address) throws InterruptedException {
        HttpRequest.Builder request = to(address).timeout(UPLOAD);
        filesServer.token().ifPresent(token -> request.header("Authorization", "Bearer " + token.reveal()));
        return request;
    }

    /** An answer with any status; the caller closes its body. */
    HttpResponse<InputStream> send(StorageAddress object, HttpRequest.Builder request) throws InterruptedException {
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        } catch (IOException e) {
            throw HttpFailure.unreachable(object, e);
        }
    }

    /** The body of an answer; reading it fails when its bytes do not come any more. */
    InputStream body(HttpResponse<InputStream> answer) {
        return new StallingBody(answer.body(), stall, alarms);
    }

    /** Give up a body. */
    static void drop(HttpResponse<InputStream> answer) {
        try {
            answer.body().close();
        } catch (IOException e) {
            // the answer is known, and its body is of no use
        }
    }

    static URI uri(String text) {
        try {
            return URI.create(text);
        } catch (IllegalArgumentException e) {
            throw new AgentException(
                    ErrorCode.STORAGE_FAILED, "an address of a web server is malformed: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
        alarms.shutdownNow();
    }
}
