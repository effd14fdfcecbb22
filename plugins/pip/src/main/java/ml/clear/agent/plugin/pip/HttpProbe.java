// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pip;

import java.io.IOException;
import java.net.Authenticator;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import ml.clear.agent.api.spi.Network;
import org.jspecify.annotations.Nullable;

/** Asks over HTTP whether an address exists, through the agent's trust and proxies. */
final class HttpProbe implements TorchSource.Probe {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final Network network;

    HttpProbe(Network network) {
        this.network = network;
    }

    @Override
    public boolean exists(String address) throws InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(address)).timeout(LIMIT).build();
        try (HttpClient client = client()) {
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false; // what cannot be reached offers nothing; the usual index is asked instead
        }
    }

    private HttpClient client() {
        return HttpClient.newBuilder()
                .connectTimeout(LIMIT)
                .followRedirects(HttpClient.Redirect.NORMAL)
                .sslContext(network.sslContext())
                .proxy(network.proxySelector())
                .authenticator(new ProxyPasswords(network))
                .build();
    }

    private static final class ProxyPasswords extends Authenticator {

        private final Network network;

        ProxyPasswords(Network network) {
            this.network = network;
        }

        @Override
        protected @Nullable PasswordAuthentication getPasswordAuthentication() {
            return getRequestorType() == RequestorType.PROXY
                    ? network.proxyCredentials(
                                    InetSocketAddress.createUnresolved(getRequestingHost(), getRequestingPort()))
                            .orElse(null)
                    : null;
        }
    }
}
