// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.network;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import ml.clear.agent.api.error.AgentException;

/**
 * Proxies by variables: {@code http_proxy} and {@code https_proxy} by the scheme of the address, {@code all_proxy} for what
 * they do not cover, {@code no_proxy} for what is reached directly. Of each the lower-case name wins over the upper-case
 * one, as for Python's requests and curl.
 */
final class EnvironmentProxies extends ProxySelector {

    /** The variables in lower case. */
    static final List<String> VARIABLES = List.of("http_proxy", "https_proxy", "all_proxy");

    static final String NO_PROXY = "no_proxy";

    private final Map<String, String> environment;
    private final NoProxy direct;

    private EnvironmentProxies(Map<String, String> environment, NoProxy direct) {
        this.environment = environment;
        this.direct = direct;
    }

    static EnvironmentProxies of(Map<String, String> environment) {
        return new EnvironmentProxies(Map.copyOf(environment), NoProxy.parse(value(environment, NO_PROXY)));
    }

    /** The value of a variable whose name is given in lower case; empty without one. */
    static String value(Map<String, String> environment, String variable) {
        String upper = environment.getOrDefault(variable.toUpperCase(Locale.ROOT), "");
        return environment.getOrDefault(variable, upper).strip();
    }

    @Override
    public List<Proxy> select(URI address) {
        String host = address.getHost();
        String scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
        if (host == null || direct.covers(host, port(address, scheme))) {
            return List.of(Proxy.NO_PROXY);
        }
        return List.of(proxyFor(scheme).map(ProxyAddress::proxy).orElse(Proxy.NO_PROXY));
    }

    /** Nothing: there is one proxy a scheme, and who used it gets the error. */
    @Override
    public void connectFailed(URI address, SocketAddress proxy, IOException fault) {}

    /** User and password for a proxy that {@link #select} chose. */
    Optional<PasswordAuthentication> credentials(SocketAddress proxy) {
        return proxy instanceof InetSocketAddress address
                ? VARIABLES.stream()
                        .flatMap(this::understood)
                        .filter(candidate -> candidate.isAt(address))
                        .flatMap(candidate -> candidate.credentials().stream())
                        .findFirst()
                : Optional.empty();
    }

    private Optional<ProxyAddress> proxyFor(String scheme) {
        return Stream.of(scheme + "_proxy", "all_proxy")
                .filter(VARIABLES::contains)
                .filter(variable -> !value(environment, variable).isEmpty())
                .findFirst()
                .map(variable -> ProxyAddress.parse(variable, value(environment, variable)));
    }

    /**
     * The proxy of a variable; empty for a value that cannot be parsed, which {@link #select} has not chosen either.
     */
    private Stream<ProxyAddress> understood(String variable) {
        String value = value(environment, variable);
        try {
            return value.isEmpty() ? Stream.empty() : Stream.of(ProxyAddress.parse(variable, value));
        } catch (AgentException _) {
            return Stream.empty();
        }
    }

    private static int port(URI address, String scheme) {
        if (address.getPort() >= 0) {
            return address.getPort();
        }
        return switch (scheme) {
            case "http" -> 80;
            case "https" -> 443;
            default -> -1;
        };
    }
}
