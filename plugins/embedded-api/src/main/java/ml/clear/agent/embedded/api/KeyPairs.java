// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import ml.clear.agent.embedded.store.Database;
import ml.clear.agent.embedded.store.Timestamps;

/** The access keys that open the server. Only a digest of each secret is kept. Safe for several threads. */
public final class KeyPairs {

    private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    private static final int KEY_LENGTH = 30;
    private static final int SECRET_BYTES = 36;

    private final Database database;
    private final InstantSource clock;

    /** The pairs in a database. */
    public KeyPairs(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /**
     * A new pair; the only moment at which the secret can be seen.
     *
     * @param accessKey the access key
     * @param secretKey the secret; never print this record
     */
    public record KeyPair(String accessKey, String secretKey) {
        @Override
        public String toString() {
            return accessKey;
        }
    }

    /**
     * A pair that exists.
     *
     * @param accessKey the access key
     * @param created when it was made
     * @param label what it is for
     */
    public record Known(String accessKey, String created, String label) {}

    /** Make a pair. */
    public KeyPair create(String label) {
        SecureRandom random = new SecureRandom();
        StringBuilder key = new StringBuilder();
        while (key.length() < KEY_LENGTH) {
            key.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(secret);
        KeyPair pair = new KeyPair(
                key.toString(), Base64.getUrlEncoder().withoutPadding().encodeToString(secret));
        database.write(session -> session.update(
                "INSERT INTO credential (key, secret_hash, created, label) VALUES (?, ?, ?, ?)",
                pair.accessKey(),
                HexFormat.of().formatHex(digest(pair.secretKey())),
                Timestamps.text(clock.instant()),
                label));
        return pair;
    }

    /** All pairs, the oldest first. */
    public List<Known> list() {
        return database.read(session -> session.list(
                "SELECT key, created, label FROM credential ORDER BY created, key",
                row -> new Known(row.getString(1), row.getString(2), row.getString(3))));
    }

    /** Make a pair useless; whether it was known. Its tokens end with it. */
    public boolean revoke(String accessKey) {
        return database.write(session -> session.update("DELETE FROM credential WHERE key = ?", accessKey)) > 0;
    }

    /** Whether there is a pair with this access key. */
    public boolean exists(String accessKey) {
        return database.read(session -> session.number("SELECT count(*) FROM credential WHERE key = ?", accessKey)) > 0;
    }

    boolean matches(String accessKey, String secretKey) {
        return database.read(session -> session.first(
                        "SELECT secret_hash FROM credential WHERE key = ?", row -> row.getString(1), accessKey))
                .filter(hash -> MessageDigest.isEqual(HexFormat.of().parseHex(hash), digest(secretKey)))
                .isPresent();
    }

    private static byte[] digest(String secret) {
        try {
            // The secrets are 288 random bits: nothing to guess, so a slow digest would protect nothing.
            return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
