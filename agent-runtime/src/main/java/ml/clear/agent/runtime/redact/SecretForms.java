// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.redact;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.Set;

/** How a secret may look: as it is, and encoded for an address, a JSON text or in Base64. */
final class SecretForms {

    /** Shorter secrets are not masked: they would mask ordinary words and numbers without protecting anything. */
    static final int SHORTEST = 4;

    private static final int SHORTEST_ENCODED = 6;

    private SecretForms() {}

    /** The forms, each once; none of a secret that is too short. */
    static Set<String> of(String secret) {
        Set<String> forms = new LinkedHashSet<>();
        if (secret.length() < SHORTEST) {
            return forms;
        }
        forms.add(secret);
        // a private key is printed line by line
        secret.lines().filter(line -> line.length() >= 2 * SHORTEST).forEach(forms::add);
        byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
        forms.add(percentEncoded(bytes, "-._~", true));
        forms.add(percentEncoded(bytes, "-._~", false));
        forms.add(percentEncoded(bytes, "-._~!$&'()*+,;=", true));
        forms.add(percentEncoded(bytes, "*-._", true).replace("%20", "+"));
        forms.add(secret.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n"));
        addBase64(bytes, Base64.getEncoder().withoutPadding(), forms);
        addBase64(bytes, Base64.getUrlEncoder().withoutPadding(), forms);
        return forms;
    }

    /** Base64 writes three bytes as four letters, so a text looks different at each of the three offsets. */
    private static void addBase64(byte[] bytes, Base64.Encoder encoder, Set<String> forms) {
        for (int offset = 0; offset < 3; offset++) {
            byte[] shifted = new byte[offset + bytes.length];
            System.arraycopy(bytes, 0, shifted, offset, bytes.length);
            String encoded = encoder.encodeToString(shifted);
            // Letters at the ends share bits with neighbours that we do not know.
            int from = (offset * 8 + 5) / 6;
            int to = shifted.length * 8 / 6;
            if (to - from >= SHORTEST_ENCODED) {
                forms.add(encoded.substring(from, to));
            }
        }
    }

    private static String percentEncoded(byte[] bytes, String kept, boolean upperCase) {
        StringBuilder encoded = new StringBuilder();
        for (byte b : bytes) {
            char c = (char) (b & 0xFF);
            if (c < 128 && (Character.isLetterOrDigit(c) || kept.indexOf(c) >= 0)) {
                encoded.append(c);
            } else {
                encoded.append(String.format(upperCase ? "%%%02X" : "%%%02x", b & 0xFF));
            }
        }
        return encoded.toString();
    }
}
