// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcshg;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code hg serve} behind a server that asks for user and password. */
final class HgOverHttp implements AutoCloseable {

    private static final Pattern PORT = Pattern.compile(":(\\d+)/");

    private final Process hg;
    private final int port;
    private final HttpServer front;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final String expected;
    private final AtomicInteger refused = new AtomicInteger();

    HgOverHttp(Path repository, String user, String password) throws IOException {
        expected =
                "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
        ProcessBuilder builder = new ProcessBuilder(
                        "hg",
                        "serve",
                        "--address",
                        "127.0.0.1",
                        "--port",
                        "0",
                        "--print-url",
                        "--accesslog",
                        "/dev/null")
                .directory(repository.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("HGRCPATH", "");
        hg = builder.start();
        port = port(hg.inputReader());
        front = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        front.setExecutor(threads);
        front.createContext("/", this::serve);
        front.start();
    }

    private static int port(BufferedReader output) throws IOException {
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            Matcher port = PORT.matcher(line);
            if (port.find()) {
                return Integer.parseInt(port.group(1));
            }
        }
        throw new IOException("hg serve ended at once");
    }

    String address() {
        return "http://127.0.0.1:" + front.getAddress().getPort() + "/";
    }

    int refused() {
        return refused.get();
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            String given = exchange.getRequestHeaders().getFirst("Authorization");
            if (!expected.equals(given)) {
                refused.addAndGet(given == null ? 0 : 1);
                exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"hg\"");
                exchange.sendResponseHeaders(401, -1);
                return;
            }
            forward(exchange);
        }
    }

    private void forward(HttpExchange exchange) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) URI.create("http://127.0.0.1:" + port + exchange.getRequestURI())
                        .toURL()
                        .openConnection();
        connection.setRequestMethod(exchange.getRequestMethod());
        for (Map.Entry<String, List<String>> header :
                exchange.getRequestHeaders().entrySet()) {
            if (!header.getKey().equalsIgnoreCase("Authorization")) {
                connection.setRequestProperty(header.getKey(), header.getValue().getFirst());
            }
        }
        byte[] body = exchange.getRequestBody().readAllBytes();
        if (body.length > 0) {
            connection.setDoOutput(true);
            connection.getOutputStream().write(body);
        }
        int status = connection.getResponseCode();
        try (InputStream stream = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
            byte[] answer = stream == null ? new byte[0] : stream.readAllBytes();
            exchange.getResponseHeaders().set("Content-Type", connection.getContentType());
            exchange.sendResponseHeaders(status, answer.length == 0 ? -1 : answer.length);
            exchange.getResponseBody().write(answer);
        }
    }

    @Override
    public void close() {
        front.stop(0);
        threads.shutdownNow();
        hg.descendants().forEach(ProcessHandle::destroy);
        hg.destroy();
    }
}
