// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import ml.clear.agent.embedded.store.Json;
import ml.clear.agent.embedded.store.Refusal;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The files server. A name is stored as it is sent with an upload; in addresses it is percent-decoded exactly once. A
 * {@code .gz} file is bytes like any other: no content encoding is sent, since clients would unpack the file.
 */
final class FilesHandler implements HttpHandler {

    private static final DateTimeFormatter HTTP_TIME = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    /** Where it answers. */
    static final String PREFIX = "/files";

    private static final System.Logger LOG = System.getLogger(FilesHandler.class.getName());
    private static final int LONGEST_LIST = 4 << 20;

    private final FileTree tree;
    private final Authentication authentication;
    private final BrowserGuard guard;

    FilesHandler(FileTree tree, Authentication authentication, BrowserGuard guard) {
        this.tree = tree;
        this.authentication = authentication;
        this.guard = guard;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getRawPath().substring(PREFIX.length());
        try {
            route(exchange, path);
        } catch (Refusal e) {
            LimitedInput.drain(exchange.getRequestBody());
            send(exchange, e.code(), e.text().getBytes(StandardCharsets.UTF_8), "text/plain");
        } catch (NoSuchFileException e) {
            LimitedInput.drain(exchange.getRequestBody());
            send(exchange, 404, "Not found".getBytes(StandardCharsets.UTF_8), "text/plain");
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "a file request failed: " + path, e);
            send(exchange, 500, "General error".getBytes(StandardCharsets.UTF_8), "text/plain");
        }
    }

    private void route(HttpExchange exchange, String path) throws IOException {
        String method = exchange.getRequestMethod();
        boolean top = path.isEmpty() || path.equals("/");
        if (method.equals("OPTIONS")) {
            exchange.sendResponseHeaders(200, -1);
            return;
        }
        boolean probe =
                top && method.equals("GET") && !exchange.getRequestHeaders().containsKey("Authorization");
        guard.admit(exchange);
        Caller caller = probe ? Caller.NOBODY : authentication.caller(exchange.getRequestHeaders());
        if (method.equals("POST") || method.equals("DELETE")) {
            guard.admitChange(exchange, caller);
        }
        switch (method) {
            case "GET", "HEAD" -> {
                if (top) {
                    send(exchange, 200, "OK".getBytes(StandardCharsets.UTF_8), "text/plain");
                } else {
                    download(exchange, path, method.equals("HEAD"));
                }
            }
            case "POST" -> {
                if (top) {
                    upload(exchange);
                } else if (path.equals("/delete_many")) {
                    deleteMany(exchange);
                } else {
                    throw new Refusal(405, 0, "Method not allowed");
                }
            }
            case "DELETE" -> delete(exchange, path);
            default -> throw new Refusal(405, 0, "Method not allowed");
        }
    }

    private void upload(HttpExchange exchange) throws IOException {
        if (exchange.getRequestHeaders().containsKey("Content-Encoding")) {
            throw new Refusal(415, 0, "Unsupported media type");
        }
        ArrayNode stored = Json.array();
        try {
            MultipartReader parts = MultipartReader.of(
                            String.valueOf(exchange.getRequestHeaders().getFirst("Content-Type")),
                            exchange.getRequestBody())
                    .orElseThrow(() -> new Refusal(400, 0, "Files are uploaded as multipart/form-data"));
            for (Optional<String> name = parts.next(); name.isPresent(); name = parts.next()) {
                stored.add(store(parts, name.get()));
            }
        } catch (NoSuchFileException e) {
            throw e;
        } catch (IOException e) {
            throw new Refusal(400, 0, "The upload cannot be read: " + e.getMessage());
        }
        send(exchange, 200, Json.bytes(stored), "application/json");
    }

    private String store(MultipartReader parts, String name) throws IOException {
        Path target = tree.locate(name).orElseThrow(() -> new NoSuchFileException(name));
        Path incoming = tree.newIncoming();
        try (FileQuota.Upload upload = tree.open(incoming)) {
            try {
                parts.copyTo(upload);
                upload.flush();
                tree.publish(incoming, target);
            } catch (IOException | RuntimeException e) {
                upload.forget();
                throw e;
            }
        } finally {
            Files.deleteIfExists(incoming);
        }
        return tree.name(target);
    }

    private void download(HttpExchange exchange, String rawPath, boolean headOnly) throws IOException {
        String name = Percent.decode(rawPath);
        Path file = tree.file(name).orElseThrow(() -> new NoSuchFileException(name));
        // Read before the content: if the file is replaced meanwhile, the new content has the old tag, and is fetched
        // again.
        BasicFileAttributes facts = Files.readAttributes(file, BasicFileAttributes.class);
        try (FileChannel channel = FileChannel.open(file)) {
            ByteRange range = ByteRange.of(exchange.getRequestHeaders().getFirst("Range"), channel.size());
            var headers = exchange.getResponseHeaders();
            headers.set("Content-Type", contentType(file));
            headers.set("Accept-Ranges", "bytes");
            headers.set("ETag", tag(facts));
            headers.set(
                    "Last-Modified", HTTP_TIME.format(facts.lastModifiedTime().toInstant()));
            // A stored page must not run as one of this server.
            headers.set("Content-Security-Policy", "sandbox; default-src 'none'");
            if (String.valueOf(exchange.getRequestURI().getRawQuery()).startsWith("download")) {
                headers.set("Content-Disposition", "attachment");
            }
            if (!range.satisfiable()) {
                headers.set("Content-Range", "bytes */" + channel.size());
                exchange.sendResponseHeaders(416, -1);
                return;
            }
            if (range.partial()) {
                headers.set("Content-Range", "bytes " + range.first() + "-" + range.last() + "/" + channel.size());
            }
            long length = range.length();
            if (headOnly) {
                headers.set("Content-Length", String.valueOf(length));
            }
            exchange.sendResponseHeaders(range.partial() ? 206 : 200, headOnly || length == 0 ? -1 : length);
            if (!headOnly && length > 0) {
                copy(channel, range, exchange.getResponseBody());
            }
        }
    }

    /** Every upload makes a file of its own, so its number, time and size change with the content. */
    private static String tag(BasicFileAttributes facts) {
        Instant modified = facts.lastModifiedTime().toInstant();
        return "\"%x-%x-%x-%x\""
                .formatted(
                        String.valueOf(facts.fileKey()).hashCode(),
                        facts.size(),
                        modified.getEpochSecond(),
                        modified.getNano());
    }

    private static void copy(FileChannel channel, ByteRange range, OutputStream body) throws IOException {
        try (OutputStream out = body) {
            channel.position(range.first());
            var in = Channels.newInputStream(channel);
            byte[] buffer = new byte[1 << 16];
            long left = range.length();
            while (left > 0) {
                int read = in.read(buffer, 0, (int) Math.min(left, buffer.length));
                if (read < 0) {
                    throw new IOException("the file became shorter while it was read");
                }
                out.write(buffer, 0, read);
                left -= read;
            }
        }
    }

    private static String contentType(Path file) {
        String name = String.valueOf(file.getFileName());
        String suffix = name.substring(name.lastIndexOf('.') + 1);
        return switch (suffix) {
            case "json" -> "application/json";
            case "jpg", "jpeg" -> "image/jpeg";
            case "png" -> "image/png";
            case "gif" -> "image/gif";
            case "svg" -> "image/svg+xml";
            case "webp" -> "image/webp";
            case "txt", "log", "csv" -> "text/plain; charset=utf-8";
            default -> "application/octet-stream";
        };
    }

    private void delete(HttpExchange exchange, String rawPath) throws IOException {
        String name = Percent.decode(rawPath);
        Path file = tree.file(name).orElseThrow(() -> new NoSuchFileException(name));
        tree.deleteTree(file);
        JsonNode answer = Json.array().add(tree.name(file)).get(0);
        send(exchange, 200, Json.bytes(answer), "application/json");
    }

    private void deleteMany(HttpExchange exchange) throws IOException {
        byte[] body = new LimitedInput(exchange.getRequestBody(), LONGEST_LIST).readAllBytes();
        JsonNode files;
        try {
            files = Json.parse(body).path("files");
        } catch (JacksonException e) {
            throw new Refusal(400, 0, "The body must be JSON: " + e.getOriginalMessage());
        }
        if (!files.isArray() || files.isEmpty()) {
            throw new Refusal(400, 0, "'files' must be a list that holds something");
        }
        ObjectNode answer = Json.object();
        ObjectNode deleted = answer.putObject("deleted");
        ObjectNode errors = answer.putObject("errors");
        for (JsonNode file : files) {
            String given = file.asString("");
            Optional<Path> path = given.startsWith("/") ? Optional.empty() : tree.locate(Percent.decode(given));
            if (path.isPresent() && tree.deleteTree(path.get())) {
                deleted.put(given, tree.name(path.get()));
            } else {
                Json.arrayIn(errors, "Not found").add(given);
            }
        }
        send(exchange, 200, Json.bytes(answer), "application/json");
    }

    private static void send(HttpExchange exchange, int status, byte[] body, String type) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(status, head ? -1 : body.length);
        if (!head) {
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body);
            }
        }
    }
}
