// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import ml.clear.agent.embedded.store.Database;

/**
 * Tokens that log a browser in once. Any process that can read the data folder can make one, without asking the server; the
 * server accepts each one only once, also across a restart. Safe for several threads.
 */
public final class OneTimeTokens {

    /** How long a token is good. */
    public static final Duration LIFE = Duration.ofMinutes(10);

    private static final Pattern FORM = Pattern.compile("([0-9a-z]{1,12})\\.([A-Za-z0-9_-]{16})\\.([A-Za-z0-9_-]{22})");
    private static final int NONCE_BYTES = 12;
    private static final int SIGNATURE_BYTES = 16;
    private static final int RADIX = 36;

    private final byte[] key;
    private final InstantSource clock;

    OneTimeTokens(byte[] key, InstantSource clock) {
        this.key = key.clone();
        this.clock = clock;
    }

    /**
     * Those of the server with this data folder.
     *
     * @throws IOException when the folder's key cannot be read
     */
    public static OneTimeTokens of(DataFolder folder, InstantSource clock) throws IOException {
        return new OneTimeTokens(folder.tokenKey(), clock);
    }

    /** A new token; never log it. */
    public String create() {
        byte[] nonce = new byte[NONCE_BYTES];
        new SecureRandom().nextBytes(nonce);
        String signed = Long.toString(clock.instant().plus(LIFE).getEpochSecond(), RADIX) + "." + encode(nonce);
        return signed + "." + sign(signed);
    }

    /** Use a token up; whether it was good until now. */
    boolean redeem(String token, Database database) {
        Matcher matcher = FORM.matcher(token);
        if (!matcher.matches()) {
            return false;
        }
        String signed = token.substring(0, token.lastIndexOf('.'));
        long expires = Long.parseLong(matcher.group(1), RADIX);
        long now = clock.instant().getEpochSecond();
        boolean genuine = MessageDigest.isEqual(
                sign(signed).getBytes(StandardCharsets.UTF_8), matcher.group(3).getBytes(StandardCharsets.UTF_8));
        // A used token is remembered in the table of revoked ones, until it would have expired.
        return genuine
                && expires > now
                && expires <= now + LIFE.toSeconds()
                && database.write(session -> session.update(
                                "INSERT OR IGNORE INTO revoked_token (session, expires) VALUES (?, ?)",
                                "once " + matcher.group(2),
                                expires))
                        > 0;
    }

    private String sign(String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            byte[] whole = mac.doFinal(("login once " + text).getBytes(StandardCharsets.UTF_8));
            return encode(Arrays.copyOf(whole, SIGNATURE_BYTES));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }

    private static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
