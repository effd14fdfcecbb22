// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import java.net.Authenticator;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import ml.clear.agent.api.spi.Network;
import org.jspecify.annotations.Nullable;

/** Answers a proxy that asks for user and password, and nobody else. */
final class ProxyAuthenticator extends Authenticator {

    private final Network network;
    private final Proxy proxy;

    ProxyAuthenticator(Network network, Proxy proxy) {
        this.network = network;
        this.proxy = proxy;
    }

    @Override
    protected @Nullable PasswordAuthentication getPasswordAuthentication() {
        if (getRequestorType() != RequestorType.PROXY || proxy.address() == null) {
            return null;
        }
        return network.proxyCredentials(proxy.address()).orElse(null);
    }
}
