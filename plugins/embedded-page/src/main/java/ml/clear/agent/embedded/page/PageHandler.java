// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.page;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;

/**
 * Serves the page: its static files below {@code /page/}, and the document that loads them at the addresses of ClearML's web
 * application, which the clients print. The files hold no data and are served without credentials. Safe for several threads.
 */
public final class PageHandler implements HttpHandler {

    /** Where the static files are. */
    private static final String FILES = "/page/";

    private static final String DOCUMENT = "index.html";

    /** The first parts of the addresses of the web application. No call of the API has such an address. */
    private static final Set<String> VIEWS = Set.of(
            "",
            "compare",
            "dashboard",
            "datasets",
            "login",
            "pipelines",
            "projects",
            "reports",
            "settings",
            "workers-and-queues");

    /**
     * No script and no style in the document itself, nothing of another host, no frames. The pictures of figures are
     * data addresses; plotly positions parts of a figure by style attributes.
     */
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; "
            + "style-src-attr 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self'; base-uri 'none'; "
            + "form-action 'none'; frame-ancestors 'none'";

    /** A handler without state. */
    public PageHandler() {}

    /** Whether an address belongs to the page, and not to the API. */
    public static boolean serves(String method, String path) {
        if (!method.equals("GET") && !method.equals("HEAD")) {
            return false;
        }
        int end = path.indexOf('/', 1);
        // Angular's web application appends arguments to a part of the path, after a semicolon.
        return path.startsWith(FILES)
                || VIEWS.contains(
                        path.substring(1, end < 0 ? path.length() : end).replaceFirst(";.*", ""));
    }

    /** The headers of every answer that a browser shows as a page of this server. */
    private static void protect(Headers headers) {
        headers.set("Content-Security-Policy", POLICY);
        headers.set("Cross-Origin-Opener-Policy", "same-origin");
        headers.set("Referrer-Policy", "same-origin");
        headers.set("X-Frame-Options", "DENY");
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getRawPath();
        protect(exchange.getResponseHeaders());
        Optional<SiteFile> file = SiteFile.find(path.startsWith(FILES) ? path.substring(FILES.length()) : DOCUMENT);
        if (file.isEmpty()) {
            missing(exchange);
            return;
        }
        send(exchange, file.get());
    }

    private static void send(HttpExchange exchange, SiteFile file) throws IOException {
        Headers headers = exchange.getResponseHeaders();
        headers.set("Content-Type", file.type());
        // Asked for again each time, so that a new version is seen at once; answered without the content.
        headers.set("Cache-Control", "no-cache");
        headers.set("ETag", file.tag());
        if (file.tag().equals(exchange.getRequestHeaders().getFirst("If-None-Match"))) {
            exchange.sendResponseHeaders(304, -1);
            return;
        }
        if (exchange.getRequestMethod().equals("HEAD")) {
            headers.set("Content-Length", String.valueOf(file.length()));
            exchange.sendResponseHeaders(200, -1);
            return;
        }
        exchange.sendResponseHeaders(200, file.length());
        try (InputStream content = file.open();
                OutputStream out = exchange.getResponseBody()) {
            content.transferTo(out);
        }
    }

    private static void missing(HttpExchange exchange) throws IOException {
        byte[] text = "Not found".getBytes(StandardCharsets.UTF_8);
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
        exchange.sendResponseHeaders(404, head ? -1 : text.length);
        if (!head) {
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(text);
            }
        }
    }
}
