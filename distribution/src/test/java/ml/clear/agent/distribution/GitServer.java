// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * git's own server program for HTTP, a CGI, behind the JDK's server, with a storage for one large file (Git LFS). It records which
 * proxies requests came through.
 */
final class GitServer implements AutoCloseable {

    private final Path repositories;
    private final HttpServer http;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final String authorization;
    private final AtomicInteger refused = new AtomicInteger();
    private final List<String> proxies = new CopyOnWriteArrayList<>();
    private volatile byte[] large = {};

    /** Serves all repositories of a folder on a free port. */
    GitServer(String host, Path repositories) throws IOException {
        this(host, repositories, "");
    }

    /** The same for one user with a password. */
    GitServer(String host, Path repositories, String user, String password) throws IOException {
        this(
                host,
                repositories,
                "Basic "
                        + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8)));
    }

    private GitServer(String host, Path repositories, String authorization) throws IOException {
        this.repositories = repositories;
        this.authorization = authorization;
        http = HttpServer.create(new InetSocketAddress(host, 0), 0);
        http.setExecutor(threads);
        http.createContext("/", this::answer);
        http.start();
    }

    String address(String repository) {
        return "http://" + http.getAddress().getHostString() + ":"
                + http.getAddress().getPort() + "/" + repository;
    }

    /** Serve a large file to whom the repositories are served. */
    void serveLarge(byte[] content) {
        large = content.clone();
    }

    /** The header {@code Via} of each request, empty where there was none. */
    List<String> proxies() {
        return proxies;
    }

    /** How many requests had a wrong password. */
    int refused() {
        return refused.get();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            proxies.add(header(exchange, "Via"));
            String given = header(exchange, "Authorization");
            if (!authorization.isEmpty() && !given.equals(authorization)) {
                refused.addAndGet(given.isEmpty() ? 0 : 1);
                exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"git\"");
                exchange.sendResponseHeaders(401, -1);
                return;
            }
            String path = exchange.getRequestURI().getPath();
            if (path.endsWith("/info/lfs/objects/batch")) {
                send(exchange, "application/vnd.git-lfs+json", batch(exchange).getBytes(StandardCharsets.UTF_8));
                return;
            }
            if (path.equals("/large")) {
                send(exchange, "application/octet-stream", large);
                return;
            }
            Process backend = start(exchange);
            try (var input = backend.getOutputStream()) {
                exchange.getRequestBody().transferTo(input);
            }
            InputStream output = backend.getInputStream();
            int status = 200;
            for (String line = readLine(output); !line.isEmpty(); line = readLine(output)) {
                String name = line.substring(0, line.indexOf(':'));
                String value = line.substring(name.length() + 1).strip();
                if (name.equals("Status")) {
                    status = Integer.parseInt(value.substring(0, 3));
                } else {
                    exchange.getResponseHeaders().set(name, value);
                }
            }
            exchange.sendResponseHeaders(status, 0);
            output.transferTo(exchange.getResponseBody());
        }
    }

    /** The id of a large file. */
    static String oid(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    /** The answer of the storage to a request for one object. */
    private String batch(HttpExchange exchange) throws IOException {
        String request = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String known = oid(large);
        if (!request.contains(known)) {
            String asked = request.replaceAll("(?s).*\"oid\":\\s*\"([0-9a-f]+)\".*", "$1");
            return """
                    {"objects": [{"oid": "%s", "size": 1, "error": {"code": 404, "message": "no such object"}}]}
                    """.formatted(asked);
        }
        return """
                {"transfer": "basic", "objects": [{"oid": "%s", "size": %d, "actions": {"download": {"href": "%s"}}}]}
                """.formatted(known, large.length, address("large"));
    }

    private static void send(HttpExchange exchange, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
    }

    private Process start(HttpExchange exchange) throws IOException {
        var builder = new ProcessBuilder("git", "-c", "safe.directory=*", "http-backend");
        var variables = builder.environment();
        variables.put("GIT_PROJECT_ROOT", repositories.toString());
        variables.put("GIT_HTTP_EXPORT_ALL", "1");
        variables.put("PATH_INFO", exchange.getRequestURI().getPath());
        variables.put("REQUEST_METHOD", exchange.getRequestMethod());
        variables.put(
                "QUERY_STRING",
                Objects.requireNonNullElse(exchange.getRequestURI().getRawQuery(), ""));
        variables.put("CONTENT_TYPE", header(exchange, "Content-Type"));
        variables.put("HTTP_CONTENT_ENCODING", header(exchange, "Content-Encoding"));
        variables.put("GIT_PROTOCOL", header(exchange, "Git-Protocol"));
        return builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
    }

    private static String header(HttpExchange exchange, String name) {
        return Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst(name), "");
    }

    private static String readLine(InputStream stream) throws IOException {
        var line = new ByteArrayOutputStream();
        for (int next = stream.read(); next >= 0 && next != '\n'; next = stream.read()) {
            line.write(next);
        }
        return line.toString(StandardCharsets.ISO_8859_1).strip();
    }

    @Override
    public void close() {
        http.stop(0);
        threads.close();
    }
}
