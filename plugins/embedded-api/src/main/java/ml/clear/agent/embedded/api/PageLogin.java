// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import ml.clear.agent.embedded.store.Json;
import ml.clear.agent.embedded.store.Refusal;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Starts or continues the session of a browser. The answer sets the cookie of a new session and holds the token that the
 * page sends with every change.
 */
final class PageLogin implements HttpHandler {

    /** Where it answers. */
    static final String PATH = "/page/session";

    private static final int LONGEST_BODY = 1 << 14;

    private final Tokens tokens;
    private final Authentication authentication;
    private final BrowserGuard guard;
    private final PageCredentials credentials;
    private final String cookie;

    /** @param port the server's; browsers send the cookies of all ports of a host */
    PageLogin(Tokens tokens, Authentication authentication, BrowserGuard guard, PageCredentials credentials, int port) {
        this.tokens = tokens;
        this.authentication = authentication;
        this.guard = guard;
        this.credentials = credentials;
        this.cookie = Authentication.pageCookie(port);
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        try {
            guard.admit(exchange);
            if (!exchange.getRequestMethod().equals("POST")) {
                throw new Refusal(405, 0, "Method not allowed: a session starts by POST");
            }
            if (!String.valueOf(exchange.getRequestHeaders().getFirst("Content-Type"))
                    .startsWith("application/json")) {
                throw new Refusal(415, 0, "Unsupported media type: a session starts with application/json");
            }
            JsonNode body = body(exchange);
            Optional<Caller> present = body.isEmpty() ? present(exchange.getRequestHeaders()) : Optional.empty();
            Caller caller = present.isPresent() ? present.get() : begin(exchange, body);
            send(exchange, 200, Json.object().put("page_token", tokens.pageToken(caller)));
        } catch (Refusal e) {
            LimitedInput.drain(exchange.getRequestBody());
            send(exchange, e.code(), Json.object().put("message", e.text()));
        }
    }

    /** The session of the cookie, as long as it lasts. */
    private Optional<Caller> present(Headers headers) {
        try {
            return Optional.of(authentication.caller(headers))
                    .filter(caller -> !caller.session().isEmpty());
        } catch (Refusal e) {
            return Optional.empty();
        }
    }

    private Caller begin(HttpExchange exchange, JsonNode body) {
        String token = tokens.issue(credentials.accessKey(exchange, body), Tokens.DEFAULT_SECONDS);
        exchange.getResponseHeaders()
                .add(
                        "Set-Cookie",
                        cookie + "=" + token + "; HttpOnly; Path=/; SameSite=Strict; Max-Age=" + Tokens.DEFAULT_SECONDS
                                + guard.cookieSuffix());
        return tokens.check(token);
    }

    private static JsonNode body(HttpExchange exchange) throws IOException {
        byte[] bytes = new LimitedInput(exchange.getRequestBody(), LONGEST_BODY).readAllBytes();
        try {
            return bytes.length == 0 ? Json.object() : Json.parse(bytes);
        } catch (JacksonException e) {
            throw new Refusal(400, 0, "The body must be JSON: " + e.getOriginalMessage());
        }
    }

    private static void send(HttpExchange exchange, int status, JsonNode answer) throws IOException {
        byte[] bytes = Json.text(answer).getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }
}
