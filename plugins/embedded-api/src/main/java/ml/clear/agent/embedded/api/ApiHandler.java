// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import ml.clear.agent.embedded.store.Json;
import ml.clear.agent.embedded.store.Refusal;
import ml.clear.agent.embedded.store.StoreException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Answers calls of the API. Every answer is an envelope; an unexpected failure is answered with exactly 500. */
final class ApiHandler implements HttpHandler {

    private static final System.Logger LOG = System.getLogger(ApiHandler.class.getName());

    private final Routes routes;
    private final Authentication authentication;
    private final BrowserGuard guard;
    private final Bodies bodies;

    ApiHandler(Routes routes, Authentication authentication, BrowserGuard guard, Bodies bodies) {
        this.routes = routes;
        this.authentication = authentication;
        this.guard = guard;
        this.bodies = bodies;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        if (exchange.getRequestMethod().equals("OPTIONS")) {
            exchange.sendResponseHeaders(200, -1);
            return;
        }
        answer(exchange);
    }

    private void answer(HttpExchange exchange) throws IOException {
        Envelope envelope = Envelope.UNREADABLE;
        ObjectNode answer;
        try {
            ApiPath path = ApiPath.parse(exchange.getRequestURI().getRawPath());
            Headers headers = exchange.getRequestHeaders();
            envelope = new Envelope(path, null, header(headers, "X-ClearML-Trx"));
            guard.admit(exchange);
            Endpoint endpoint = routes.find(path)
                    .orElseThrow(() -> new Refusal(
                            404,
                            0,
                            "Unable to find endpoint for name " + path.name() + " and version " + path.version()));
            envelope = new Envelope(path, endpoint, envelope.transaction());
            Caller caller =
                    endpoint.traits().contains(Endpoint.Trait.OPEN) ? Caller.NOBODY : authentication.caller(headers);
            if (!endpoint.reads()) {
                guard.admitChange(exchange, caller);
                guard.requireJson(headers);
            }
            ObjectNode data = call(exchange, path, endpoint, caller);
            if (endpoint.traits().contains(Endpoint.Trait.TEXT)) {
                sendText(exchange, data);
                return;
            }
            answer = envelope.success(data);
            if (path.name().equals("auth.login")) {
                exchange.getResponseHeaders()
                        .add(
                                "Set-Cookie",
                                Authentication.COOKIE + "=" + data.path("token").asString("")
                                        + "; HttpOnly; Path=/; SameSite=Lax" + guard.cookieSuffix());
            }
        } catch (Refusal e) {
            // A caller that is still writing would not read the answer.
            LimitedInput.drain(exchange.getRequestBody());
            answer = envelope.refusal(e);
        } catch (StoreException e) {
            answer = e.diskFull() ? envelope.refusal(FileQuota.databaseOnFullDisk()) : failed(exchange, envelope, e);
        } catch (UncheckedIOException e) {
            throw new IOException("the caller is gone", e); // an answer would not be read
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            answer = failed(exchange, envelope, e);
        }
        send(exchange, envelope, answer);
    }

    private ObjectNode call(HttpExchange exchange, ApiPath path, Endpoint endpoint, Caller caller) throws IOException {
        try (Bodies.Body source = bodies.open(exchange)) {
            RequestBody body =
                    RequestBody.read(exchange, source.in(), endpoint.traits().contains(Endpoint.Trait.BATCH));
            return endpoint.handler()
                    .answer(new Call(path.version(), caller, origin(exchange), body.arguments(), body.lines()));
        }
    }

    private static void send(HttpExchange exchange, Envelope envelope, ObjectNode answer) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        AnswerOutput out = new AnswerOutput(
                exchange, answer.path("meta").path("result_code").asInt());
        try {
            Json.write(answer, out);
        } catch (RuntimeException | OutOfMemoryError e) {
            // Parts of an answer are created while it is written; an incomplete answer must not look complete.
            if (out.begun()) {
                SilentCallers.breakOff();
                throw e;
            }
            send(exchange, envelope, failed(exchange, envelope, e));
            return;
        }
        out.finish();
    }

    private static void sendText(HttpExchange exchange, ObjectNode data) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
        exchange.getResponseHeaders().set("Content-Disposition", "attachment");
        AnswerOutput out = new AnswerOutput(exchange, 200);
        try {
            for (JsonNode line : Json.elements(data.path("lines"))) {
                out.write((line.isString() ? line.stringValue() : Json.text(line)).getBytes(StandardCharsets.UTF_8));
                out.write('\n');
            }
        } catch (RuntimeException e) {
            if (out.begun()) {
                SilentCallers.breakOff();
            }
            throw e;
        }
        out.finish();
    }

    private static ObjectNode failed(HttpExchange exchange, Envelope envelope, Throwable e) {
        LOG.log(
                System.Logger.Level.ERROR,
                "a call failed: " + exchange.getRequestURI().getPath(),
                e);
        return envelope.refusal(new Refusal(500, 0, "General error: see the log of the server"));
    }

    private static Call.Origin origin(HttpExchange exchange) {
        Headers headers = exchange.getRequestHeaders();
        String worker = header(headers, "X-ClearML-Worker");
        return new Call.Origin(
                exchange.getRemoteAddress().getAddress().getHostAddress(),
                worker.isEmpty() ? header(headers, "X-Trains-Worker") : worker,
                header(headers, "Host"));
    }

    private static String header(Headers headers, String name) {
        @Nullable String value = headers.getFirst(name);
        return value == null ? "" : value;
    }
}
