// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.testkit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A package index for tests (PEP 503) on the loopback address that asks for a user and a password. It offers the wheels of a
 * folder, which may change while it runs. Serves requests with threads of its own until it is closed.
 */
public final class PackageIndex implements AutoCloseable {

    /** The user it admits. */
    public static final String USER = "ci";

    /** The user's password. */
    public static final String PASSWORD = "s3cr3t-of-the-index";

    private final Path wheels;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final AtomicInteger unavailable = new AtomicInteger();
    private final AtomicInteger broken = new AtomicInteger();

    private PackageIndex(Path wheels, HttpServer server) {
        this.wheels = wheels;
        this.server = server;
    }

    /** Start one. */
    public static PackageIndex of(Path wheels) {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            PackageIndex index = new PackageIndex(wheels, server);
            server.createContext("/", index::answer);
            server.setExecutor(index.threads);
            server.start();
            return index;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Its address without user and password. */
    public String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/simple/";
    }

    /** Its address with user and password. */
    public String addressWithPassword() {
        return address().replace("://", "://" + USER + ":" + PASSWORD + "@");
    }

    /** The paths that were asked for with the right password. */
    public List<String> requests() {
        return List.copyOf(requests);
    }

    /** Answer the next requests with status 503. */
    public void failNext(int count) {
        unavailable.set(count);
    }

    /** Close the connection in the middle of the next downloads. */
    public void breakNext(int count) {
        broken.set(count);
    }

    private static boolean due(AtomicInteger left) {
        return left.getAndUpdate(count -> Math.max(0, count - 1)) > 0;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String expected = "Basic "
                    + Base64.getEncoder().encodeToString((USER + ":" + PASSWORD).getBytes(StandardCharsets.UTF_8));
            if (!expected.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"packages\"");
                exchange.sendResponseHeaders(401, -1);
                return;
            }
            String path = exchange.getRequestURI().getPath();
            requests.add(path);
            if (due(unavailable)) {
                exchange.sendResponseHeaders(503, -1);
                return;
            }
            byte[] content = path.startsWith("/files/") ? file(path) : page(path);
            if (content.length == 0) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            exchange.getResponseHeaders()
                    .set("Content-Type", path.startsWith("/files/") ? "application/octet-stream" : "text/html");
            boolean head = exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(200, head ? -1 : content.length);
            if (!head) {
                boolean whole = !path.startsWith("/files/") || !due(broken);
                exchange.getResponseBody().write(content, 0, whole ? content.length : content.length / 2);
            }
        }
    }

    private byte[] file(String path) throws IOException {
        Path file = wheels.resolve(Path.of(path).getFileName());
        return Files.isRegularFile(file) ? Files.readAllBytes(file) : new byte[0];
    }

    private byte[] page(String path) throws IOException {
        String name =
                Path.of(path).getFileName().toString().toLowerCase(Locale.ROOT).replace('-', '_');
        StringBuilder page = new StringBuilder();
        try (Stream<Path> files = Files.list(wheels)) {
            for (Path file : files.sorted().toList()) {
                String wheel = file.getFileName().toString();
                if (wheel.toLowerCase(Locale.ROOT).startsWith(name + "-")) {
                    page.append("<a href=\"/files/")
                            .append(wheel)
                            .append("#sha256=")
                            .append(digest(file))
                            .append("\">")
                            .append(wheel)
                            .append("</a>\n");
                }
            }
        }
        String text = page.isEmpty() ? "" : "<!DOCTYPE html><html><body>\n" + page + "</body></html>\n";
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String digest(Path file) throws IOException {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK knows SHA-256", e);
        }
    }

    /** Stop it. */
    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
