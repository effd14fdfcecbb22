// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import com.sun.net.httpserver.HttpExchange;
import java.util.Optional;
import java.util.function.Supplier;
import ml.clear.agent.embedded.store.Database;
import ml.clear.agent.embedded.store.Refusal;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a browser may start a session with: a key pair; a one-time token; neither, for a browser of this server's user on this
 * machine, or where callers without credentials are served.
 *
 * @param keys the key pairs
 * @param once the one-time tokens
 * @param database remembers used ones
 * @param sameUser recognizes the server's user
 * @param anonymous whether callers without credentials are served
 * @param machineKey the access key of this machine's own programs; sessions without a key pair belong to it
 */
record PageCredentials(
        KeyPairs keys,
        OneTimeTokens once,
        Database database,
        SameUser sameUser,
        boolean anonymous,
        Supplier<Optional<String>> machineKey) {

    /**
     * The access key that the session belongs to, and ends with; empty for one without credentials.
     *
     * @throws Refusal 401 when the caller has nothing of the kind
     */
    String accessKey(HttpExchange exchange, JsonNode body) {
        @Nullable String key = text(body, "access_key");
        if (key != null) {
            if (!keys.matches(key, String.valueOf(text(body, "secret_key")))) {
                throw new Refusal(401, 22, "Unauthorized (the access key or the secret key is wrong)");
            }
            return key;
        }
        @Nullable String token = text(body, "token");
        if (token != null) {
            require(once.redeem(token, database), "the link was used before or has expired");
        } else if (anonymous) {
            return Caller.NOBODY.accessKey();
        } else {
            require(sameUser.sent(exchange), "this browser does not run as the server's user on the server's machine");
        }
        Optional<String> own = machineKey.get().filter(keys::exists);
        require(own.isPresent(), "this machine has no key pair");
        return own.orElseThrow();
    }

    private static void require(boolean allowed, String otherwise) {
        if (!allowed) {
            throw new Refusal(401, 20, "Unauthorized (" + otherwise + ")");
        }
    }

    private static @Nullable String text(JsonNode body, String member) {
        JsonNode value = body.path(member);
        return value.isString() ? value.stringValue() : null;
    }
}
