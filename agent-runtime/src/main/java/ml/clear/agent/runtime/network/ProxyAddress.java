// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.network;

import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.secret.Secret;

/**
 * A proxy that a variable names.
 *
 * @param type its protocol
 * @param host its name or address
 * @param port its port
 * @param user the user to log in as, empty for none
 * @param password the user's password
 */
record ProxyAddress(Proxy.Type type, String host, int port, String user, Secret password) {

    /**
     * Reads the value of a proxy variable: {@code [scheme://][user[:password]@]host[:port]}, where user and password are
     * percent-encoded.
     *
     * @throws AgentException {@code CONFIGURATION_INVALID} when it is not of this form
     */
    static ProxyAddress parse(String variable, String value) {
        String text = value.strip();
        String address = text.contains("://") ? text : "http://" + text;
        URI uri;
        try {
            uri = URI.create(address);
        } catch (IllegalArgumentException e) {
            // the cause would show the value, and with it the password
            throw invalid(variable, text, "it must look like 'http://proxy.example.com:3128'");
        }
        String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
        String host = uri.getHost();
        if (host == null) {
            throw invalid(variable, text, "it must look like 'http://proxy.example.com:3128'");
        }
        String[] login = Optional.ofNullable(uri.getRawUserInfo()).orElse("").split(":", 2);
        String user = decoded(login[0]);
        Secret password = Secret.of(login.length > 1 ? decoded(login[1]) : "");
        return switch (scheme) {
            case "http" -> new ProxyAddress(Proxy.Type.HTTP, host, port(uri, 80), user, password);
            case "socks", "socks4", "socks4a", "socks5", "socks5h" ->
                new ProxyAddress(Proxy.Type.SOCKS, host, port(uri, 1080), user, password);
            case "https" ->
                throw invalid(
                        variable, text, "a proxy that itself wants TLS is not supported; use its http:// address");
            default -> throw invalid(variable, text, "a proxy's address begins with http:// or socks5://");
        };
    }

    /** The proxy for Java; its name is resolved when it is used. */
    Proxy proxy() {
        return new Proxy(type, InetSocketAddress.createUnresolved(host, port));
    }

    /** Whether this is the proxy at that address. */
    boolean isAt(InetSocketAddress address) {
        return address.getPort() == port && address.getHostString().equalsIgnoreCase(host);
    }

    /** User and password, if it has any. */
    Optional<PasswordAuthentication> credentials() {
        return user.isEmpty()
                ? Optional.empty()
                : Optional.of(new PasswordAuthentication(user, password.reveal().toCharArray()));
    }

    /** An address without the password that it may hold. */
    static String masked(String address) {
        int scheme = address.indexOf("://");
        int start = scheme < 0 ? 0 : scheme + 3;
        int at = address.lastIndexOf('@');
        return at < start ? address : address.substring(0, start) + Secret.MASK + address.substring(at);
    }

    private static int port(URI uri, int usual) {
        return uri.getPort() < 0 ? usual : uri.getPort();
    }

    private static String decoded(String text) {
        // a plus sign stands for itself here, unlike in a form
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static AgentException invalid(String variable, String value, String advice) {
        return new AgentException(
                ErrorCode.CONFIGURATION_INVALID, "the variable " + variable + " is '" + masked(value) + "'; " + advice);
    }
}
