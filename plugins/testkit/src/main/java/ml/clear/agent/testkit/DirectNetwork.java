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
 * @param sslContext the trusted certificates
 * @param variables what other programs get
 */
public record DirectNetwork(SSLContext sslContext, Map<String, String> variables) implements Network {

    /** Copies the variables. */
    public DirectNetwork {
        variables = Map.copyOf(variables);
    }

    /** Without variables for other programs. */
    public DirectNetwork(SSLContext sslContext) {
        this(sslContext, Map.of());
    }

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

    private static SSLContext ofThisRuntime() {
        try {
            return SSLContext.getDefault();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java runtime has no TLS", e);
        }
    }
}
