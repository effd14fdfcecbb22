// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import com.sun.net.httpserver.Headers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import ml.clear.agent.embedded.store.Refusal;

/** Identifies the caller from the {@code Authorization} header or the cookie. */
final class Authentication {

    static final String COOKIE = "clearml_token_basic";

    private final Tokens tokens;
    private final KeyPairs keys;
    private final boolean anonymous;
    private final List<String> cookies;

    /**
     * Checks tokens and key pairs; callers without either are accepted only if {@code anonymous}.
     *
     * @param port the server's
     */
    Authentication(Tokens tokens, KeyPairs keys, boolean anonymous, int port) {
        this.cookies = List.of(pageCookie(port), COOKIE);
        this.tokens = tokens;
        this.keys = keys;
        this.anonymous = anonymous;
    }

    /** The cookie of the page of one server: browsers send the cookies of all servers of a host. */
    static String pageCookie(int port) {
        return "clearml_page_" + port;
    }

    /**
     * Who calls.
     *
     * @throws Refusal 401 with the subcode of the error
     */
    Caller caller(Headers headers) {
        String header = headers.getFirst("Authorization");
        if (header == null) {
            Optional<String> cookie = cookie(headers);
            if (cookie.isEmpty() && !anonymous) {
                throw new Refusal(401, 20, "Unauthorized (missing credentials)");
            }
            return cookie.map(this::bearer).orElse(Caller.NOBODY);
        }
        int blank = header.indexOf(' ');
        String scheme = blank < 0 ? header : header.substring(0, blank);
        String value = blank < 0 ? "" : header.substring(blank + 1).strip();
        return switch (scheme) {
            case "Bearer" -> bearer(value);
            case "Basic" -> basic(value);
            default -> throw new Refusal(401, 10, "Unauthorized (unsupported authorization scheme)");
        };
    }

    private Caller basic(String value) {
        // Python's decoder skips what is not of the alphabet and then insists on whole groups of four.
        String letters = value.replaceAll("[^A-Za-z0-9+/=]", "");
        byte[] decoded;
        try {
            if (letters.length() % 4 != 0) {
                throw new IllegalArgumentException();
            }
            decoded = Base64.getDecoder().decode(letters);
        } catch (IllegalArgumentException e) {
            throw new Refusal(401, 21, "Unauthorized (malformed credentials: base64 that cannot be decoded)");
        }
        String pair = new String(decoded, StandardCharsets.UTF_8);
        int colon = pair.indexOf(':');
        if (colon < 0 || !keys.matches(pair.substring(0, colon), pair.substring(colon + 1))) {
            throw new Refusal(401, 22, "Unauthorized (invalid credentials)");
        }
        return new Caller(pair.substring(0, colon), "", 0);
    }

    /** The token's caller, as long as the token's key pair exists. */
    private Caller bearer(String token) {
        Caller caller = tokens.check(token);
        if (caller.accessKey().isEmpty() ? !anonymous : !keys.exists(caller.accessKey())) {
            throw new Refusal(401, 30, "Invalid token (its access key was revoked)");
        }
        return caller;
    }

    private Optional<String> cookie(Headers headers) {
        return cookies.stream().flatMap(name -> cookie(headers, name).stream()).findFirst();
    }

    private static Optional<String> cookie(Headers headers, String name) {
        for (String line : headers.getOrDefault("Cookie", List.of())) {
            for (String pair : line.split(";", -1)) {
                String trimmed = pair.strip();
                if (trimmed.startsWith(name + "=")) {
                    return Optional.of(trimmed.substring(name.length() + 1));
                }
            }
        }
        return Optional.empty();
    }
}
