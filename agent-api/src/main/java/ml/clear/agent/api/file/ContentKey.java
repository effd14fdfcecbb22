// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.file;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.SortedMap;
import ml.clear.agent.api.Stability;

/** Names content by the digest of all that decides about it. */
@Stability.Incubating(since = "0.1")
public final class ContentKey {

    private ContentKey() {}

    /** The SHA-256 digest of names and values, in hexadecimal. Lengths are digested too, so that no two maps look alike. */
    public static String of(SortedMap<String, String> identity) {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK knows SHA-256", e);
        }
        identity.forEach((name, value) -> {
            add(digest, name);
            add(digest, value);
        });
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void add(MessageDigest digest, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
        digest.update(bytes);
    }
}
