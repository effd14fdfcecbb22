// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.spi;

import java.net.PasswordAuthentication;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import ml.clear.agent.api.Stability;

/** How to reach other machines: whom to trust and which proxies to use. Safe for several threads. */
@Stability.Incubating(since = "0.1")
public interface Network {

    /** Trusts the authorities of the system, of the configuration and of the usual variables. */
    SSLContext sslContext();

    /** Chooses proxies by the usual variables ({@code HTTPS_PROXY}, {@code NO_PROXY} and so on). */
    ProxySelector proxySelector();

    /** User and password for a proxy that {@link #proxySelector()} chose. */
    Optional<PasswordAuthentication> proxyCredentials(SocketAddress proxy);

    /** The variables by which other programs reach the same trust and the same proxies; values may hold passwords. */
    Map<String, String> variables();
}
