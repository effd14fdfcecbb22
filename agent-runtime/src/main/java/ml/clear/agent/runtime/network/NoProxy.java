// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.network;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Which hosts are reached directly: the entries of {@code NO_PROXY}, and this machine itself in any case.
 *
 * <p>An entry is {@code *} for all, a host or domain, which with or without a dot (or {@code *.}) before it also covers
 * everything below, an address, or a block of addresses such as {@code 10.0.0.0/8}; a port may follow a host or an
 * address.
 */
final class NoProxy {

    private final List<String> entries;

    private NoProxy(List<String> entries) {
        this.entries = entries;
    }

    /** Reads the value of the variable: entries with commas or blanks between them. */
    static NoProxy parse(String value) {
        return new NoProxy(Arrays.stream(value.toLowerCase(Locale.ROOT).split("[,\\s]+"))
                .filter(entry -> !entry.isEmpty())
                .toList());
    }

    /**
     * Whether to go directly.
     *
     * @param host a name or an address, the latter with or without brackets
     * @param port the port of the connection, -1 when it does not matter
     */
    boolean covers(String host, int port) {
        String name = withoutBrackets(host.toLowerCase(Locale.ROOT));
        if (name.endsWith(".")) {
            name = name.substring(0, name.length() - 1);
        }
        Optional<InetAddress> address = literal(name);
        if (isThisMachine(name, address)) {
            return true;
        }
        for (String entry : entries) {
            if (covers(entry, name, address, port)) {
                return true;
            }
        }
        return false;
    }

    private static boolean covers(String entry, String name, Optional<InetAddress> address, int port) {
        if (entry.equals("*")) {
            return true;
        }
        if (entry.contains("/")) {
            return address.isPresent() && AddressBlock.parse(entry).contains(address.get());
        }
        String host = entry;
        int colon = entry.lastIndexOf(':');
        boolean withPort = colon >= 0 && (entry.indexOf(':') == colon || entry.charAt(Math.max(0, colon - 1)) == ']');
        if (withPort) {
            if (!entry.substring(colon + 1).equals(Integer.toString(port))) {
                return false;
            }
            host = entry.substring(0, colon);
        }
        host = withoutBrackets(host);
        Optional<InetAddress> wanted = literal(host);
        if (wanted.isPresent()) {
            return wanted.equals(address);
        }
        String domain = host.replaceFirst("^\\*?\\.", "");
        return address.isEmpty() && !domain.isEmpty() && (name.equals(domain) || name.endsWith("." + domain));
    }

    private static boolean isThisMachine(String name, Optional<InetAddress> address) {
        return name.equals("localhost")
                || name.endsWith(".localhost")
                || address.filter(InetAddress::isLoopbackAddress).isPresent();
    }

    private static String withoutBrackets(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    /** The address that a text is; never asks a name server. */
    static Optional<InetAddress> literal(String text) {
        try {
            return Optional.of(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
