// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URISyntaxException;
import java.net.URL;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.HttpsURLConnection;
import ml.clear.agent.api.secret.Secret;
import ml.clear.agent.api.spi.Network;
import ml.clear.agent.api.vcs.RepositoryAddress;
import org.eclipse.jgit.transport.http.HttpConnection;
import org.eclipse.jgit.transport.http.HttpConnectionFactory;
import org.jspecify.annotations.Nullable;

/** Opens the connections of one transfer with the agent's trust and proxies; a token goes to the one host it is for. */
final class NetworkConnections implements HttpConnectionFactory {

    private final Network network;
    private final RepositoryAddress address;
    private final Optional<Secret> token;

    NetworkConnections(Network network, RepositoryAddress address, Optional<Secret> token) {
        this.network = network;
        this.address = address;
        this.token = token;
    }

    @Override
    public HttpConnection create(URL url) throws IOException {
        return create(url, null);
    }

    @Override
    public HttpConnection create(URL url, @Nullable Proxy ignored) throws IOException {
        Proxy proxy = chosen(url);
        HttpURLConnection connection = (HttpURLConnection) url.openConnection(proxy);
        if (connection instanceof HttpsURLConnection secure) {
            secure.setSSLSocketFactory(network.sslContext().getSocketFactory());
        }
        connection.setAuthenticator(new ProxyAuthenticator(network, proxy));
        if (isOwnHost(url)) {
            token.ifPresent(secret -> connection.setRequestProperty("Authorization", "Bearer " + secret.reveal()));
        }
        return new NetworkConnection(connection);
    }

    private Proxy chosen(URL url) throws IOException {
        try {
            List<Proxy> proxies = network.proxySelector().select(url.toURI());
            return proxies.isEmpty() ? Proxy.NO_PROXY : proxies.getFirst();
        } catch (URISyntaxException e) {
            throw new IOException("not an address: " + e.getReason(), e);
        }
    }

    /** The host, scheme and port that the token was given for; a redirect elsewhere does not take it along. */
    private boolean isOwnHost(URL url) {
        int port = address.port() < 0 ? url.getDefaultPort() : address.port();
        int used = url.getPort() < 0 ? url.getDefaultPort() : url.getPort();
        return url.getProtocol().equalsIgnoreCase(address.scheme())
                && url.getHost().toLowerCase(Locale.ROOT).equals(address.host())
                && used == port;
    }
}
