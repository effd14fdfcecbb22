// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

import java.util.Locale;
import java.util.Map;

/**
 * The three addresses of a server. The others are derived from one of them when the usual names or ports are in use.
 *
 * @param api of the API
 * @param web of the web application
 * @param files of the files server
 */
public record ServerAddresses(String api, String web, String files) {

    private static final Map<String, String> PORTS = Map.of("8080", "web", "8008", "api", "8081", "files");

    /**
     * Derives all three from the address of the web application or of the API; {@code http} if it has a port and no
     * scheme.
     */
    public static ServerAddresses of(String address) {
        String whole = address.strip().replaceFirst("/+$", "");
        if (!whole.contains("://")) {
            whole = (whole.contains(":") ? "http://" : "https://") + whole;
        }
        int host = whole.indexOf("://") + 3;
        String scheme = whole.substring(0, host);
        String rest = whole.substring(host);
        int colon = rest.lastIndexOf(':');
        String port = colon < 0 ? "" : rest.substring(colon + 1);
        if (PORTS.containsKey(port)) {
            String bare = scheme + rest.substring(0, colon);
            return new ServerAddresses(bare + ":8008", bare + ":8080", bare + ":8081");
        }
        for (String prefix : new String[] {"app.", "api.", "files."}) {
            if (rest.toLowerCase(Locale.ROOT).startsWith(prefix)) {
                String domain = rest.substring(prefix.length());
                return new ServerAddresses(
                        scheme + "api." + domain, scheme + "app." + domain, scheme + "files." + domain);
            }
        }
        return port.isEmpty()
                ? new ServerAddresses(whole + ":8008", whole + ":8080", whole + ":8081")
                : new ServerAddresses(whole, whole, "");
    }
}
