// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.testkit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Serves the repositories of a folder over HTTP: git's own program for it, a CGI, behind a small server that asks for one value of
 * the header {@code Authorization}. It also stores one large file (Git LFS) and records its requests. Serves requests with threads
 * of its own until it is closed.
 */
public final class GitOverHttp implements AutoCloseable {

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Path root;
    private final String authorization;
    private final String origin;
    private final List<String> authorizations = Collections.synchronizedList(new ArrayList<>());
    private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
    private final List<String> proxies = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger losses = new AtomicInteger();
    private volatile String redirect = "/";
    private volatile byte[] large = {};

    /** Serves all repositories of a folder to everybody, as {@code localhost}. */
    public GitOverHttp(Path root) throws IOException {
        this(root, "", null);
    }

    /**
     * The same for one user.
     *
     * @param authorization the required value of the header, such as {@link #basic}; empty for none
     * @param tls the server's side of encrypted connections, or null for plain HTTP
     */
    public GitOverHttp(Path root, String authorization, @Nullable SSLContext tls) throws IOException {
        this("localhost", InetAddress.getLoopbackAddress(), root, authorization, tls);
    }

    /**
     * The same on another address.
     *
     * @param host the address, which clients use too
     * @param authorization the required value of the header, empty for none
     */
    public GitOverHttp(String host, Path root, String authorization) throws IOException {
        this(host, InetAddress.getByName(host), root, authorization, null);
    }

    private GitOverHttp(String host, InetAddress address, Path root, String authorization, @Nullable SSLContext tls)
            throws IOException {
        this.root = root;
        this.authorization = authorization;
        InetSocketAddress free = new InetSocketAddress(address, 0);
        if (tls == null) {
            server = HttpServer.create(free, 0);
        } else {
            HttpsServer secure = HttpsServer.create(free, 0);
            secure.setHttpsConfigurator(new HttpsConfigurator(tls));
            server = secure;
        }
        origin = (tls == null ? "http://" : "https://") + host + ":"
                + server.getAddress().getPort();
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    /** The header of a user with a password. */
    public static String basic(String user, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    /** The id of a large file. */
    public static String oid(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK knows SHA-256", e);
        }
    }

    /** The address of a repository. */
    public String address(String repository) {
        return origin + "/" + repository;
    }

    /** Send requests below {@code /moved/} to another address; to this server at first. */
    public void redirectTo(String address) {
        redirect = address;
    }

    /** Close the connection in the middle of the next answers that carry objects. */
    public void loseConnections(int times) {
        losses.set(times);
    }

    /** Serve a large file (Git LFS). */
    public void serveLarge(byte[] content) {
        large = content.clone();
    }

    /** The values of the header {@code Authorization} so far. */
    public List<String> authorizations() {
        return List.copyOf(authorizations);
    }

    /** Method and path of each request so far. */
    public List<String> requests() {
        return List.copyOf(requests);
    }

    /** The header {@code Via} of each request so far, empty where there was none. */
    public List<String> proxies() {
        return List.copyOf(proxies);
    }

    /** How many requests had a wrong value of the header {@code Authorization}. */
    public int refused() {
        return refused.get();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            requests.add(exchange.getRequestMethod() + " " + path);
            proxies.add(orEmpty(exchange.getRequestHeaders().getFirst("Via")));
            if (path.startsWith("/moved/")) {
                exchange.getResponseHeaders()
                        .add(
                                "Location",
                                redirect + exchange.getRequestURI().toString().substring("/moved/".length()));
                exchange.sendResponseHeaders(302, -1);
                return;
            }
            // as storages do, to which a signed address gives access
            if (path.equals("/large")) {
                answer(exchange, "application/octet-stream", large);
                return;
            }
            String given = exchange.getRequestHeaders().getFirst("Authorization");
            if (given != null) {
                authorizations.add(given);
            }
            if (!authorization.isEmpty() && !authorization.equals(given)) {
                refused.addAndGet(given == null ? 0 : 1);
                exchange.getResponseHeaders().add("WWW-Authenticate", "Basic realm=\"git\"");
                exchange.sendResponseHeaders(401, -1);
                return;
            }
            if (path.endsWith("/info/lfs/objects/batch")) {
                answer(exchange, "application/vnd.git-lfs+json", batch(exchange).getBytes(StandardCharsets.UTF_8));
                return;
            }
            backend(exchange, path);
        }
    }

    /** The answer of a storage for large files that has one. */
    private String batch(HttpExchange exchange) throws IOException {
        String request = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        Matcher object = Pattern.compile("\"oid\":\\s*\"([0-9a-f]{64})\"").matcher(request);
        if (!object.find()) {
            throw new IOException("no object is asked for: " + request);
        }
        if (!object.group(1).equals(oid(large))) {
            return """
                    {"objects": [{"oid": "%s", "size": 1, "error": {"code": 404, "message": "no such object"}}]}
                    """.formatted(object.group(1));
        }
        return """
                {"transfer": "basic", "objects": [{"oid": "%s", "size": %d, "authenticated": true,
                  "actions": {"download": {"href": "%s"}}}]}""".formatted(object.group(1), large.length, address("large"));
    }

    private static void answer(HttpExchange exchange, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().add("Content-Type", type);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
    }

    private void backend(HttpExchange exchange, String path) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("git", "http-backend");
        builder.environment()
                .putAll(Map.of(
                        "GIT_PROJECT_ROOT",
                        root.toString(),
                        "GIT_HTTP_EXPORT_ALL",
                        "1",
                        "GIT_CONFIG_COUNT",
                        "1",
                        "GIT_CONFIG_KEY_0",
                        "safe.directory",
                        "GIT_CONFIG_VALUE_0",
                        "*",
                        "PATH_INFO",
                        path,
                        "REQUEST_METHOD",
                        exchange.getRequestMethod(),
                        "QUERY_STRING",
                        orEmpty(exchange.getRequestURI().getRawQuery()),
                        "CONTENT_TYPE",
                        orEmpty(exchange.getRequestHeaders().getFirst("Content-Type"))));
        builder.environment()
                .put(
                        "HTTP_CONTENT_ENCODING",
                        orEmpty(exchange.getRequestHeaders().getFirst("Content-Encoding")));
        builder.environment()
                .put("GIT_PROTOCOL", orEmpty(exchange.getRequestHeaders().getFirst("Git-Protocol")));
        Process process = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try (var input = process.getOutputStream()) {
            exchange.getRequestBody().transferTo(input);
        }
        InputStream output = process.getInputStream();
        int status = 200;
        for (String line = line(output); !line.isEmpty(); line = line(output)) {
            String[] header = line.split(": ", 2);
            if (header[0].equals("Status")) {
                status = Integer.parseInt(header[1].substring(0, 3));
            } else {
                exchange.getResponseHeaders().add(header[0], header[1]);
            }
        }
        exchange.sendResponseHeaders(status, 0);
        if (path.endsWith("/git-upload-pack")) {
            byte[] start = output.readNBytes(100_000);
            exchange.getResponseBody().write(start);
            if (start.length == 100_000 && losses.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                process.destroyForcibly();
                throw new IOException("lost on purpose");
            }
        }
        output.transferTo(exchange.getResponseBody());
    }

    private static String line(InputStream stream) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = stream.read(); next >= 0 && next != '\n'; next = stream.read()) {
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return new String(line.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    /** Stop it. */
    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
