// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import ml.clear.agent.embedded.store.Database;
import ml.clear.agent.embedded.store.Json;
import ml.clear.agent.embedded.store.Refusal;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes and checks login tokens: JWT, signed with HMAC-SHA-256. Clients read the payload without checking it, so its
 * members are part of the API. Safe for several threads.
 */
final class Tokens {

    static final long DEFAULT_SECONDS = 2_592_000;
    static final long MOST_SECONDS = 31_536_000;

    private static final String HEADER = encode("{\"alg\":\"HS256\",\"typ\":\"JWT\"}");

    private static final String ACCESS_KEY = "access_key";

    private final SecretKeySpec key;
    private final InstantSource clock;
    private final Database database;
    private final Set<String> revoked = ConcurrentHashMap.newKeySet();

    Tokens(byte[] key, InstantSource clock, Database database) {
        this.key = new SecretKeySpec(key, "HmacSHA256");
        this.clock = clock;
        this.database = database;
    }

    /** Loads the revoked tokens, before the first token is checked. */
    void load() {
        long now = clock.instant().getEpochSecond();
        database.write(session -> session.update("DELETE FROM revoked_token WHERE expires < ?", now));
        revoked.addAll(
                database.read(session -> session.list("SELECT session FROM revoked_token", row -> row.getString(1))));
    }

    /** A token for so many seconds that belongs to a key pair; without one for an empty access key. */
    String issue(String accessKey, long seconds) {
        long now = clock.instant().getEpochSecond();
        ObjectNode claims = Json.object()
                .put("exp", now + seconds)
                .put("iat", now)
                .put("api_version", ApiVersion.HIGHEST.toString())
                .put("server_version", ServerEndpoints.VERSION)
                .put("server_build", ServerEndpoints.BUILD)
                .put("feature_set", "basic")
                .put("env", "")
                .put("auth_type", "Bearer")
                .put(ACCESS_KEY, accessKey)
                .put("session_id", UUID.randomUUID().toString().replace("-", ""));
        claims.putObject("identity")
                .put("user", Caller.USER)
                .put("company", Caller.COMPANY)
                .put("role", Caller.ROLE)
                .put("user_name", Caller.USER_NAME)
                .put("company_name", Caller.COMPANY_NAME);
        String signed = HEADER + "." + encode(Json.text(claims));
        return signed + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(sign(signed));
    }

    /**
     * The caller of a token.
     *
     * @throws Refusal 401/30 when it is forged, expired or revoked
     */
    Caller check(String token) {
        int end = token.lastIndexOf('.');
        int middle = token.indexOf('.');
        if (middle < 0 || middle == end || !genuine(token.substring(0, end), token.substring(end + 1))) {
            throw refuse("it is not one of this server");
        }
        JsonNode claims = claims(token.substring(middle + 1, end));
        long expires = claims.path("exp").asLong(0);
        if (expires <= clock.instant().getEpochSecond()) {
            throw refuse("token expired");
        }
        String session = claims.path("session_id").asString("");
        if (revoked.contains(session)) {
            throw refuse("revoked token");
        }
        JsonNode accessKey = claims.path(ACCESS_KEY);
        if (!accessKey.isString()) {
            throw refuse("it names no access key"); // made by an earlier version; the client logs in again
        }
        return new Caller(accessKey.stringValue(), session, expires);
    }

    /**
     * The token that a page of this server sends with every change. Pages of other sites cannot read it.
     *
     * @param caller whose page it is
     */
    String pageToken(Caller caller) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(sign("page " + caller.accessKey() + " " + caller.session()));
    }

    /** Make a token useless. */
    void revoke(Caller caller) {
        if (!caller.session().isEmpty()) {
            database.write(session -> session.update(
                    "INSERT OR IGNORE INTO revoked_token (session, expires) VALUES (?, ?)",
                    caller.session(),
                    caller.expires()));
            revoked.add(caller.session());
        }
    }

    private boolean genuine(String signed, String signature) {
        try {
            return signed.startsWith(HEADER + ".")
                    && MessageDigest.isEqual(
                            sign(signed), Base64.getUrlDecoder().decode(signature));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static JsonNode claims(String payload) {
        try {
            return Json.parse(Base64.getUrlDecoder().decode(payload));
        } catch (IllegalArgumentException | JacksonException e) {
            throw refuse("its payload cannot be read");
        }
    }

    private byte[] sign(String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }

    private static String encode(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Refusal refuse(String why) {
        return new Refusal(401, 30, "Invalid token (" + why + ")");
    }
}
