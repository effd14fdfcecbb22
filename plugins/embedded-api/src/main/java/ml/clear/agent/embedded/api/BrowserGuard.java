// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Locale;
import ml.clear.agent.embedded.store.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * Refuses requests of other web sites that are open in a browser of this machine: the browser would send them with the
 * cookie of a logged-in user. Programs that send their own credentials are not affected.
 */
final class BrowserGuard {

    /** The header in which a page of this server sends its token. */
    static final String PAGE_TOKEN = "X-ClearML-Page-Token";

    private final HostNames names;
    private final Tokens tokens;
    private final boolean secure;

    /** @param secure whether callers use https */
    BrowserGuard(HostNames names, Tokens tokens, boolean secure) {
        this.names = names;
        this.tokens = tokens;
        this.secure = secure;
    }

    /**
     * Checks the origin of a request.
     *
     * @throws Refusal 400/5 for an unknown {@code Host}, 403 for another site
     */
    void admit(HttpExchange exchange) {
        Headers headers = exchange.getRequestHeaders();
        List<String> hosts = headers.getOrDefault("Host", List.of());
        if (hosts.size() > 1) {
            throw Refusal.bad(5, "Invalid headers: there are several Host headers");
        }
        String host = hosts.isEmpty() ? "" : hosts.getFirst();
        if (!host.isEmpty() && !names.known(host)) {
            throw Refusal.bad(
                    5,
                    "Invalid headers: this server is not known as '" + host
                            + "'; add the name to agent.embedded_server.names on the server");
        }
        String origin = headers.getFirst("Origin");
        if (origin != null && !origin.equalsIgnoreCase((secure ? "https://" : "http://") + host)) {
            throw new Refusal(
                    403, 0, "Forbidden: requests of other sites are refused, this one is of '" + origin + "'");
        }
        String site = headers.getFirst("Sec-Fetch-Site");
        if (site != null && !site.equals("same-origin") && !site.equals("none") && !navigates(exchange)) {
            throw new Refusal(403, 0, "Forbidden: requests of other sites are refused");
        }
    }

    /** A handler of static content, which refuses the same requests. */
    HttpHandler before(HttpHandler handler) {
        return exchange -> {
            try {
                admit(exchange);
            } catch (Refusal e) {
                byte[] text = e.text().getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
                exchange.sendResponseHeaders(e.code(), text.length);
                exchange.getResponseBody().write(text);
                return;
            }
            handler.handle(exchange);
        };
    }

    /** Whether a browser goes to an address, because of a link for instance, and shows the answer as a page of its own. */
    private static boolean navigates(HttpExchange exchange) {
        return "navigate".equals(exchange.getRequestHeaders().getFirst("Sec-Fetch-Mode"))
                && exchange.getRequestMethod().equals("GET");
    }

    /**
     * Check a request that changes something. A browser adds an {@code Authorization} only for a page of this server, so that
     * such requests are safe; others need POST and the token of the page.
     *
     * @throws Refusal 403 for a browser without them
     */
    void admitChange(HttpExchange exchange, Caller caller) {
        Headers headers = exchange.getRequestHeaders();
        if (headers.containsKey("Authorization") || !fromBrowser(headers)) {
            return;
        }
        boolean removes = exchange.getRequestMethod().equals("DELETE");
        if (!exchange.getRequestMethod().equals("POST") && !removes) {
            throw new Refusal(403, 0, "Forbidden: a browser changes something by POST only");
        }
        String token = headers.getFirst(PAGE_TOKEN);
        if (token == null
                || !MessageDigest.isEqual(
                        token.getBytes(StandardCharsets.UTF_8),
                        tokens.pageToken(caller).getBytes(StandardCharsets.UTF_8))) {
            throw new Refusal(403, 0, "Forbidden: the header " + PAGE_TOKEN + " with the token of the page is needed");
        }
    }

    private static boolean fromBrowser(Headers headers) {
        return headers.containsKey("Origin")
                || headers.containsKey("Sec-Fetch-Site")
                || headers.containsKey("Cookie")
                || text(headers, "User-Agent").startsWith("Mozilla/");
    }

    /**
     * Check the content type of a call without credentials that changes something: forms of any site can send the others.
     *
     * @throws Refusal 415 for one that is not JSON
     */
    void requireJson(Headers headers) {
        boolean body =
                headers.containsKey("Transfer-Encoding") || !List.of("", "0").contains(text(headers, "Content-Length"));
        boolean json = text(headers, "Content-Type").toLowerCase(Locale.ROOT).startsWith("application/json");
        if (body && !json && !headers.containsKey("Authorization")) {
            throw new Refusal(415, 0, "Unsupported media type: calls without credentials need application/json");
        }
    }

    /** What a cookie needs at its end. */
    String cookieSuffix() {
        return secure ? "; Secure" : "";
    }

    private static String text(Headers headers, String name) {
        @Nullable String value = headers.getFirst(name);
        return value == null ? "" : value;
    }
}
