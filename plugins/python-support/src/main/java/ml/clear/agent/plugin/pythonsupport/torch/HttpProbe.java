// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pythonsupport.torch;

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

/** Asks an address over HTTP, through the agent's trust and proxies. */
public final class HttpProbe implements TorchSource.Probe {

    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final Network network;

    /** A probe through a network. */
    public HttpProbe(Network network) {
        this.network = network;
    }

    @Override
    public TorchSource.Answer ask(String address) throws InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(address)).timeout(LIMIT).build();
        try (HttpClient client = client()) {
            int status =
                    client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
            return status == 200 ? TorchSource.Answer.PRESENT : TorchSource.Answer.ABSENT;
        } catch (IOException e) {
            return TorchSource.Answer.UNREACHABLE;
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
