// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.storagehttp;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** A files server in memory that asks for a token, and that tests make fail. */
final class WebServer implements HttpHandler, AutoCloseable {

    static final String TOKEN = "token-of-the-test";

    private static final Pattern NAME = Pattern.compile("name=\"((?:[^\"\\\\]|\\\\.)*)\"; filename");
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d*)");

    final Map<String, byte[]> files = new ConcurrentHashMap<>();

    /** Answers in place of the server while it is set. */
    final AtomicReference<@Nullable HttpHandler> fault = new AtomicReference<>();

    private final HttpServer server;

    WebServer() throws IOException {
        this(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
    }

    private WebServer(HttpServer server) {
        this.server = server;
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this);
        server.start();
    }

    static WebServer secured(SSLContext tls) throws IOException {
        HttpsServer secure = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        secure.setHttpsConfigurator(new HttpsConfigurator(tls));
        return new WebServer(secure);
    }

    int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            HttpHandler instead = fault.get();
            if (instead != null) {
                instead.handle(exchange);
            } else if (!("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                exchange.sendResponseHeaders(401, -1);
            } else {
                serve(exchange);
            }
        }
    }

    private void serve(HttpExchange exchange) throws IOException {
        String raw = exchange.getRequestURI().getRawPath().replaceFirst("^/files", "");
        String name = URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8);
        switch (exchange.getRequestMethod()) {
            case "POST" -> store(exchange);
            case "DELETE" -> exchange.sendResponseHeaders(files.remove(name) == null ? 404 : 200, -1);
            default -> send(exchange, files.get(name));
        }
    }

    private void store(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        String text = new String(body, StandardCharsets.ISO_8859_1);
        String boundary = text.substring(0, text.indexOf("\r\n"));
        int start = text.indexOf("\r\n\r\n") + 4;
        int end = text.lastIndexOf("\r\n" + boundary + "--");
        Matcher name = NAME.matcher(new String(body, 0, start, StandardCharsets.UTF_8));
        if (end < start || !name.find()) {
            exchange.sendResponseHeaders(400, -1);
            return;
        }
        files.put(name.group(1).replaceAll("\\\\(.)", "$1"), Arrays.copyOfRange(body, start, end));
        exchange.sendResponseHeaders(200, -1);
    }

    static void send(HttpExchange exchange, byte @Nullable [] content) throws IOException {
        if (content == null) {
            exchange.sendResponseHeaders(404, -1);
            return;
        }
        exchange.getResponseHeaders().set("ETag", "\"" + Arrays.hashCode(content) + "\"");
        Matcher range =
                RANGE.matcher(String.valueOf(exchange.getRequestHeaders().getFirst("Range")));
        int first = 0;
        int last = content.length;
        if (range.matches()) {
            first = Integer.parseInt(range.group(1));
            last = range.group(2).isEmpty() ? last : (int) Math.min(last, Long.parseLong(range.group(2)) + 1);
            if (first >= content.length) {
                exchange.getResponseHeaders().set("Content-Range", "bytes */" + content.length);
                exchange.sendResponseHeaders(416, -1);
                return;
            }
            exchange.getResponseHeaders()
                    .set("Content-Range", "bytes " + first + "-" + (last - 1) + "/" + content.length);
        }
        boolean head = exchange.getRequestMethod().equals("HEAD");
        if (head) {
            exchange.getResponseHeaders().set("Content-Length", String.valueOf(last - first));
        }
        exchange.sendResponseHeaders(range.matches() ? 206 : 200, head || first == last ? -1 : last - first);
        if (!head && first < last) {
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(content, first, last - first);
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
