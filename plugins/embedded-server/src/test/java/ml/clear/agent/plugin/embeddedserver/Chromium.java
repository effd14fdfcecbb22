// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.embeddedserver;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import ml.clear.agent.embedded.store.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A headless Chromium, driven over its DevTools protocol. Two hundred lines over the JDK's WebSocket client do all that the test
 * needs; a driver library would bring forty jars and a second process.
 */
final class Chromium implements AutoCloseable {

    private static final Pattern LISTENING = Pattern.compile("DevTools listening on (ws://\\S+)\\s");
    private static final List<String> FLAGS = List.of(
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--hide-scrollbars",
            "--remote-debugging-port=0");
    private static final String NEEDED = "Chromium is needed (Debian's package chromium)";
    private static final int SECONDS = 60;
    private static final int LOOK_EVERY_MILLIS = 20;

    private final Process process;
    private final HttpClient http;
    private final WebSocket socket;
    private final AtomicInteger ids = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
    private final Map<String, Consumer<JsonNode>> listeners = new ConcurrentHashMap<>();

    private Chromium(Process process, URI address) {
        this.process = process;
        http = HttpClient.newHttpClient();
        socket = http.newWebSocketBuilder().buildAsync(address, new Messages()).join();
    }

    private static Optional<Path> find() {
        return Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** The program; a test that needs it is skipped without it, unless real parts are required. */
    static Path program() {
        Optional<Path> program = find();
        if (program.isEmpty() && Boolean.getBoolean("require.real")) {
            throw new AssertionError(NEEDED);
        }
        assumeTrue(program.isPresent(), NEEDED);
        return program.orElseThrow();
    }

    /** Starts a browser that stores everything in a folder. */
    static Chromium start(Path program, Path profile, String... more) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(FLAGS);
        command.addAll(List.of(more));
        command.addAll(List.of("--user-data-dir=" + profile, "about:blank"));
        Path output = Files.createDirectories(profile).resolve("output.log");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().put("HOME", profile.toString());
        Process process = builder.start();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        while (process.isAlive() && System.nanoTime() < deadline) {
            Matcher matcher = LISTENING.matcher(Files.readString(output));
            if (matcher.find()) {
                return new Chromium(process, URI.create(matcher.group(1)));
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
        }
        process.destroyForcibly();
        throw new IOException("Chromium did not start: " + Files.readString(output));
    }

    /** A new tab at an address. */
    BrowserTab open(URI address) {
        BrowserTab tab = attach(Json.object().put("url", "about:blank"));
        tab.go(address);
        return tab;
    }

    /** An empty tab that shares no cookies with others and adds headers to its requests, as a proxy does. */
    BrowserTab openApart(Map<String, String> headers) {
        String context = send("", "Target.createBrowserContext", Json.object())
                .path("browserContextId")
                .stringValue();
        BrowserTab tab = attach(Json.object().put("url", "about:blank").put("browserContextId", context));
        tab.addHeaders(headers);
        return tab;
    }

    private BrowserTab attach(ObjectNode wanted) {
        String target = send("", "Target.createTarget", wanted).path("targetId").stringValue();
        String session = send(
                        "",
                        "Target.attachToTarget",
                        Json.object().put("targetId", target).put("flatten", true))
                .path("sessionId")
                .stringValue();
        return new BrowserTab(this, target, session);
    }

    void listen(String session, Consumer<JsonNode> listener) {
        listeners.put(session, listener);
    }

    /** Calls a method of the protocol; the session is empty for the browser itself. */
    JsonNode send(String session, String method, ObjectNode parameters) {
        int id = ids.incrementAndGet();
        ObjectNode message = Json.object().put("id", id).put("method", method);
        message.set("params", parameters);
        if (!session.isEmpty()) {
            message.put("sessionId", session);
        }
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        answers.put(id, answer);
        synchronized (this) {
            socket.sendText(Json.text(message), true).join();
        }
        try {
            JsonNode given = answer.get(SECONDS, TimeUnit.SECONDS);
            if (given.has("error")) {
                throw new AssertionError(method + ": " + given.path("error"));
            }
            return given.path("result");
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError(method + " has no answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Puts the pieces of messages together. */
    private final class Messages implements WebSocket.Listener {

        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                JsonNode message = Json.parse(text.toString().getBytes(StandardCharsets.UTF_8));
                text.setLength(0);
                CompletableFuture<JsonNode> waiting =
                        answers.remove(message.path("id").asInt(0));
                if (waiting != null) {
                    waiting.complete(message);
                } else {
                    listeners
                            .getOrDefault(message.path("sessionId").asString(""), ignored -> {})
                            .accept(message);
                }
            }
            from.request(1);
            return CompletableFuture.completedFuture(null);
        }
    }

    @Override
    public void close() {
        socket.abort();
        http.shutdownNow();
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        try {
            process.waitFor(SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
