// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.testkit;

import java.net.PasswordAuthentication;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import ml.clear.agent.api.spi.Network;

/**
 * A network without proxies.
 *
 * @param sslContext whom to trust
 */
public record DirectNetwork(SSLContext sslContext) implements Network {

    /** With the trust of this Java runtime. */
    public DirectNetwork() {
        this(ofThisRuntime());
    }

    @Override
    public ProxySelector proxySelector() {
        return ProxySelector.of(null);
    }

    @Override
    public Optional<PasswordAuthentication> proxyCredentials(SocketAddress proxy) {
        return Optional.empty();
    }

    @Override
    public Map<String, String> variables() {
        return Map.of();
    }

    private static SSLContext ofThisRuntime() {
        try {
            return SSLContext.getDefault();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java runtime has no TLS", e);
        }
    }
}
