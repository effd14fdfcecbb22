// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.server;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import ml.clear.agent.api.secret.Secret;
import ml.clear.agent.api.spi.Secrets;
import org.jspecify.annotations.Nullable;

/**
 * The login that all calls share. One thread at a time logs in; the others use the current token while it may be valid.
 * Safe for several threads.
 */
final class Session {

    /** How long to leave a server alone that did not renew a token which is still good. */
    private static final Duration NEXT_RENEWAL = Duration.ofMinutes(1);

    private final ServerConnectionSettings settings;
    private final Secrets tokens;
    private final Timing timing;
    private final ReentrantLock login = new ReentrantLock();
    private volatile @Nullable AccessToken current;

    Session(ServerConnectionSettings settings, Secrets tokens, Timing timing) {
        this.settings = settings;
        this.tokens = tokens;
        this.timing = timing;
        if (settings.credentials() instanceof Credentials.ReadyToken(Secret token)) {
            current = AccessToken.of(token, false, settings.renewBefore(), timing);
        }
    }

    /** What came of asking for a token. */
    sealed interface Grant {
        /** A token. */
        record Token(AccessToken token) implements Grant {}

        /** No token; nothing has been sent but the login. */
        record Refused(Outcome outcome) implements Grant {}
    }

    /** The version of the server's API, empty before the first login. */
    String apiVersion() {
        AccessToken token = current;
        return token == null ? "" : token.apiVersion();
    }

    /** A token for a call, renewed when it is time. */
    Grant token(HttpChannel channel) throws InterruptedException {
        AccessToken token = current;
        if (token == null) {
            return replace(channel, null);
        }
        if (!token.isDue(timing) || !login.tryLock()) {
            return new Grant.Token(token);
        }
        try {
            return renewQuietly(channel, token);
        } finally {
            login.unlock();
        }
    }

    /** Another token than the one that the server has just refused; null when there is none yet. */
    Grant replace(HttpChannel channel, @Nullable AccessToken refused) throws InterruptedException {
        Duration patience = channel.patience();
        if (patience.isZero()) {
            login.lockInterruptibly();
        } else if (!login.tryLock(patience.toNanos(), TimeUnit.NANOSECONDS)) {
            return new Grant.Refused(new Outcome.NotTaken(
                    "another login takes longer than " + patience.toSeconds() + " s",
                    true,
                    false,
                    Duration.ZERO,
                    null));
        }
        try {
            AccessToken token = current;
            if (token != null && !sameText(token, refused)) {
                return new Grant.Token(token); // another thread was faster
            }
            return logIn(channel, token);
        } finally {
            login.unlock();
        }
    }

    /** Masks every secret of this connection, which a server or proxy might repeat in its message. */
    String masked(String text) {
        String result = text;
        switch (settings.credentials()) {
            case Credentials.KeyPair(String key, Secret secret) -> {
                result = without(result, secret.reveal());
                result = without(result, basic(key, secret).reveal().substring("Basic ".length()));
            }
            case Credentials.ReadyToken(Secret token) -> result = without(result, token.reveal());
        }
        AccessToken token = current;
        return token == null ? result : without(result, token.value().reveal());
    }

    private Grant renewQuietly(HttpChannel channel, AccessToken old) {
        AccessToken token = current;
        if (token != null && !token.isDue(timing)) {
            return new Grant.Token(token);
        }
        Grant grant = logIn(channel, old);
        if (grant instanceof Grant.Refused) {
            // it may be valid for hours; when it is not, the server refuses it and the caller replaces it
            current = old.postponed(NEXT_RENEWAL, timing);
            return new Grant.Token(old);
        }
        return grant;
    }

    private Grant logIn(HttpChannel channel, @Nullable AccessToken old) {
        Outcome outcome = channel.send(loginRequest(), authorization(old));
        if (outcome instanceof Outcome.Answered(Envelope answer) && answer.isSuccess()) {
            String text = answer.data().at("token").text();
            if (text.isEmpty()) {
                return new Grant.Refused(new Outcome.Unclear("its login answers without a token", false, null));
            }
            tokens.register(Secret.of(text));
            AccessToken token = AccessToken.of(Secret.of(text), true, settings.renewBefore(), timing);
            current = token;
            return new Grant.Token(token);
        }
        return new Grant.Refused(asRefusal(outcome));
    }

    /** A login whose answer is lost has done nothing that matters: the call itself was not sent. */
    private static Outcome asRefusal(Outcome outcome) {
        return outcome instanceof Outcome.Unclear(String reason, boolean passing, Throwable cause) && passing
                ? new Outcome.NotTaken("login: " + reason, true, false, Duration.ZERO, cause)
                : outcome;
    }

    private ApiRequest loginRequest() {
        Json.Builder body = Json.object();
        if (!settings.tokenLifetime().isZero()) {
            body.with("expiration_sec", settings.tokenLifetime().toSeconds());
        }
        return ApiRequest.of("auth.login", body.build(), Repetition.FREELY);
    }

    private Secret authorization(@Nullable AccessToken old) {
        return switch (settings.credentials()) {
            case Credentials.KeyPair(String key, Secret secret) -> basic(key, secret);
            case Credentials.ReadyToken(Secret token) -> bearer(old == null ? token : old.value());
        };
    }

    /** The header value of a token. */
    static Secret bearer(Secret token) {
        return Secret.of("Bearer " + token.reveal());
    }

    private static Secret basic(String key, Secret secret) {
        return BasicAuthorization.of(key, secret.reveal());
    }

    private static boolean sameText(AccessToken token, @Nullable AccessToken other) {
        return other != null && token.value().reveal().equals(other.value().reveal());
    }

    private static String without(String text, String secret) {
        return secret.isEmpty() ? text : text.replace(secret, Secret.MASK);
    }
}
