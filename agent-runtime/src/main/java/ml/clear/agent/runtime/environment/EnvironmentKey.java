// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.environment;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.SortedMap;

/**
 * The name under which the cache knows an environment.
 *
 * @param value the SHA-256 digest, in hexadecimal, of all that decides about the environment
 */
record EnvironmentKey(String value) {

    /** The key of an identity. Lengths are part of what is digested, so that no two identities look alike. */
    static EnvironmentKey of(SortedMap<String, String> identity) {
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
        return new EnvironmentKey(HexFormat.of().formatHex(digest.digest()));
    }

    private static void add(MessageDigest digest, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
        digest.update(bytes);
    }

    /** The key alone. */
    @Override
    public String toString() {
        return value;
    }
}
