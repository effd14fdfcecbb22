// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.storages3;

import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import ml.clear.agent.api.config.Settings;
import ml.clear.agent.api.spi.Network;
import ml.clear.agent.plugin.storages3.S3Access.ClientKey;
import org.apache.hc.client5.http.auth.AuthScope;
import org.apache.hc.client5.http.auth.CredentialsProvider;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.auth.BasicCredentialsProvider;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.impl.routing.SystemDefaultRoutePlanner;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.HostnameVerificationPolicy;
import org.apache.hc.client5.http.ssl.NoopHostnameVerifier;
import org.apache.hc.core5.util.Timeout;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/** One client for each server, set of credentials and region. A client makes one attempt: the agent retries. */
final class S3Clients implements AutoCloseable {

    /** The one of Amazon that signs for buckets of any region; they redirect to their own. */
    private static final String USUAL_REGION = "us-east-1";

    private final Settings settings;
    private final Network network;
    private final Map<String, String> environment;
    private final Map<ClientKey, Made> clients = new ConcurrentHashMap<>();

    S3Clients(Settings settings, Network network, Map<String, String> environment) {
        this.settings = settings;
        this.network = network;
        this.environment = environment;
    }

    S3Client of(S3Access access) {
        return clients.computeIfAbsent(access.clientKey(), _ -> make(access)).s3();
    }

    private Made make(S3Access access) {
        String region = region(access);
        URI server =
                URI.create(access.endpoint().isEmpty() ? "https://s3." + region + ".amazonaws.com" : access.endpoint());
        SdkHttpClient http = new S3Transport(http(access, server));
        S3ClientBuilder builder = S3Client.builder()
                .httpClient(http)
                .region(Region.of(region))
                .credentialsProvider(credentials(access))
                // Digests are sent before the body, which not every server takes behind it, and which costs less than
                // to sign
                // each piece.
                .serviceConfiguration(s3 -> s3.chunkedEncodingEnabled(false))
                .overrideConfiguration(configuration -> configuration.retryStrategy(AwsRetryStrategy.doNotRetry()));
        if (access.endpoint().isEmpty()) {
            builder.crossRegionAccessEnabled(true);
        } else {
            builder.endpointOverride(server).forcePathStyle(true);
        }
        return new Made(builder.build(), http);
    }

    private String region(S3Access access) {
        if (!access.region().isEmpty()) {
            return access.region();
        }
        return Optional.ofNullable(environment.get("AWS_REGION"))
                .filter(region -> !region.isBlank())
                .orElse(USUAL_REGION);
    }

    private CloseableHttpClient http(S3Access access, URI server) {
        Timeout connect = Timeout.of(settings.get(S3Settings.CONNECT_TIMEOUT));
        Timeout read = Timeout.of(settings.get(S3Settings.READ_TIMEOUT));
        int connections = Math.toIntExact(settings.get(S3Settings.CONNECTIONS));
        PoolingHttpClientConnectionManagerBuilder pool = PoolingHttpClientConnectionManagerBuilder.create()
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(connect)
                        .setSocketTimeout(read)
                        .build())
                .setMaxConnTotal(connections)
                .setMaxConnPerRoute(connections);
        if (server.getScheme().equals("https")) {
            S3Trust trust = S3Trust.of(access.verify(), network);
            pool.setTlsSocketStrategy(
                    trust.checksNames()
                            ? new DefaultClientTlsStrategy(trust.context())
                            : new DefaultClientTlsStrategy(
                                    trust.context(), HostnameVerificationPolicy.CLIENT, NoopHostnameVerifier.INSTANCE));
        }
        return HttpClients.custom()
                .setConnectionManager(pool.build())
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setConnectionRequestTimeout(connect)
                        .build())
                .setRoutePlanner(new SystemDefaultRoutePlanner(network.proxySelector()))
                .setDefaultCredentialsProvider(proxyPasswords(server))
                .disableAutomaticRetries()
                .disableRedirectHandling()
                .disableContentCompression() // an object is what is stored
                .disableCookieManagement()
                .disableDefaultUserAgent()
                .build();
    }

    private CredentialsProvider proxyPasswords(URI server) {
        BasicCredentialsProvider passwords = new BasicCredentialsProvider();
        for (Proxy proxy : network.proxySelector().select(server)) {
            if (proxy.address() instanceof InetSocketAddress address) {
                network.proxyCredentials(address)
                        .ifPresent(pair -> passwords.setCredentials(
                                new AuthScope(address.getHostString(), address.getPort()),
                                new UsernamePasswordCredentials(pair.getUserName(), pair.getPassword())));
            }
        }
        return passwords;
    }

    private static AwsCredentialsProvider credentials(S3Access access) {
        if (!access.key().isEmpty()) {
            return StaticCredentialsProvider.create(
                    access.token().isEmpty()
                            ? AwsBasicCredentials.create(
                                    access.key(), access.secret().reveal())
                            : AwsSessionCredentials.create(
                                    access.key(),
                                    access.secret().reveal(),
                                    access.token().reveal()));
        }
        if (!access.profile().isEmpty()) {
            return ProfileCredentialsProvider.create(access.profile());
        }
        return access.chain() ? DefaultCredentialsProvider.builder().build() : AnonymousCredentialsProvider.create();
    }

    @Override
    public void close() {
        clients.values().forEach(Made::close);
        clients.clear();
    }

    /** A client and its connections, which it does not close itself. */
    private record Made(S3Client s3, SdkHttpClient http) {

        void close() {
            s3.close();
            http.close();
        }
    }
}
