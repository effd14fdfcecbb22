// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.storagegcs;

import com.google.api.client.http.HttpRequestInitializer;
import com.google.api.client.http.HttpResponse;
import com.google.api.client.http.HttpTransport;
import com.google.api.client.http.apache.v5.Apache5HttpTransport;
import com.google.api.gax.retrying.ResultRetryAlgorithm;
import com.google.api.gax.retrying.TimedAttemptSettings;
import com.google.auth.http.HttpTransportFactory;
import com.google.cloud.ServiceOptions;
import com.google.cloud.http.HttpTransportOptions;
import com.google.cloud.storage.HttpStorageOptions;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.StorageOptions;
import com.google.cloud.storage.StorageRetryStrategy;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import ml.clear.agent.api.config.Settings;
import ml.clear.agent.api.spi.Network;
import ml.clear.agent.plugin.storagegcs.GcsAccess.ClientKey;
import org.apache.hc.client5.http.auth.AuthScope;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.impl.auth.BasicCredentialsProvider;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.impl.routing.SystemDefaultRoutePlanner;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.jspecify.annotations.Nullable;

/** One client for each set of credentials, over one pool of connections. A client makes one attempt: the agent retries. */
final class GcsClients implements AutoCloseable {

    private static final String GOOGLE = "https://storage.googleapis.com";

    /** The client looks for a project where it gets none, also by asking for the machine's; objects need none. */
    private static final String NO_PROJECT = "none";

    /** The last answer to a request of each thread. */
    private static final ThreadLocal<@Nullable HttpResponse> ANSWERS = new ThreadLocal<>();

    private final String host;
    private final boolean emulator;
    private final int timeoutMillis;
    private final CloseableHttpClient http;
    private final HttpTransport transport;
    private final Map<ClientKey, Storage> clients = new ConcurrentHashMap<>();

    /** @param timeout longest wait for a connection, and for the next bytes of an answer */
    GcsClients(Settings settings, Network network, Map<String, String> environment, Duration timeout) {
        String given = environment.getOrDefault("STORAGE_EMULATOR_HOST", "").strip();
        this.emulator = !given.isEmpty();
        this.host = !emulator ? GOOGLE : given.contains("://") ? given : "http://" + given;
        this.timeoutMillis = Math.toIntExact(timeout.toMillis());
        this.http = http(settings, network, host);
        this.transport = new Apache5HttpTransport(http);
    }

    private static CloseableHttpClient http(Settings settings, Network network, String host) {
        BasicCredentialsProvider passwords = new BasicCredentialsProvider();
        for (Proxy proxy : network.proxySelector().select(URI.create(host))) {
            if (proxy.address() instanceof InetSocketAddress address) {
                Optional<PasswordAuthentication> pair = network.proxyCredentials(address);
                pair.ifPresent(each -> passwords.setCredentials(
                        new AuthScope(address.getHostString(), address.getPort()),
                        new UsernamePasswordCredentials(each.getUserName(), each.getPassword())));
            }
        }
        return HttpClients.custom()
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setTlsSocketStrategy(new DefaultClientTlsStrategy(network.sslContext()))
                        .setMaxConnTotal(Math.toIntExact(settings.get(GcsSettings.CONNECTIONS)))
                        .setMaxConnPerRoute(Math.toIntExact(settings.get(GcsSettings.CONNECTIONS_TO_HOST)))
                        .build())
                .setRoutePlanner(new SystemDefaultRoutePlanner(network.proxySelector()))
                .setDefaultCredentialsProvider(passwords)
                .disableAutomaticRetries()
                .disableRedirectHandling()
                .disableContentCompression() // an object is what is stored
                .disableCookieManagement()
                .build();
    }

    /** The address that is asked. */
    String host() {
        return host;
    }

    Storage of(GcsAccess access) {
        return clients.computeIfAbsent(access.clientKey(), this::make);
    }

    /** The last answer to a request of this thread: the client does not pass on its headers. */
    static Optional<HttpResponse> lastAnswer() {
        Optional<HttpResponse> answer = Optional.ofNullable(ANSWERS.get());
        ANSWERS.remove();
        return answer;
    }

    private Storage make(ClientKey key) {
        HttpTransportFactory factory = () -> transport;
        HttpStorageOptions.Builder options = StorageOptions.http()
                .setHost(host)
                .setProjectId(key.project().isEmpty() ? NO_PROJECT : key.project())
                .setCredentials(GcsCredentials.of(key.credentials(), emulator, factory))
                .setTransportOptions(new Transport(HttpTransportOptions.newBuilder()
                        .setHttpTransportFactory(factory)
                        .setConnectTimeout(timeoutMillis)
                        .setReadTimeout(timeoutMillis)))
                .setRetrySettings(ServiceOptions.getNoRetrySettings())
                .setStorageRetryStrategy(new Never());
        return options.build().getService();
    }

    @Override
    public void close() {
        clients.clear(); // they hold nothing but the pool
        try {
            http.close();
        } catch (IOException e) {
            throw new IllegalStateException("the connections to '" + host + "' cannot be closed", e);
        }
    }

    /** A body that breaks off is an error, not another request of the client. */
    private static final class Never implements StorageRetryStrategy, ResultRetryAlgorithm<Object> {

        private static final long serialVersionUID = 1;

        @Override
        public ResultRetryAlgorithm<?> getIdempotentHandler() {
            return this;
        }

        @Override
        public ResultRetryAlgorithm<?> getNonidempotentHandler() {
            return this;
        }

        @Override
        public TimedAttemptSettings createNextAttempt(Throwable failure, Object answer, TimedAttemptSettings settings) {
            return settings;
        }

        @Override
        public boolean shouldRetry(Throwable failure, Object answer) {
            return false;
        }
    }

    /** Remembers each answer for the thread that asked. */
    private static final class Transport extends HttpTransportOptions {

        private static final long serialVersionUID = 1;

        Transport(HttpTransportOptions.Builder builder) {
            super(builder);
        }

        @Override
        public HttpRequestInitializer getHttpRequestInitializer(ServiceOptions<?, ?> options) {
            HttpRequestInitializer usual = super.getHttpRequestInitializer(options);
            return request -> {
                usual.initialize(request);
                request.setResponseInterceptor(ANSWERS::set);
            };
        }
    }
}
