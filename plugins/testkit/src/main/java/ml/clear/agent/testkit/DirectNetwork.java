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

/** No proxies, and the trust of this Java runtime. */
record DirectNetwork() implements Network {

    @Override
    public SSLContext sslContext() {
        try {
            return SSLContext.getDefault();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java runtime has no TLS", e);
        }
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
}
