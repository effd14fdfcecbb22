// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.redact;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import ml.clear.agent.api.secret.Secret;

/**
 * Replaces secrets in text by {@link Secret#MASK}: as they are, and as they look encoded for an address, a JSON text or in
 * Base64 (at any position of a longer text), and passwords in addresses.
 *
 * <p>One pass over the text, whatever the number of secrets. Immutable; used from several threads.
 */
public final class Redactor {

    /** Shorter secrets are left: they would mask ordinary words and numbers, and protect nothing. */
    static final int SHORTEST = 4;

    private static final int SHORTEST_ENCODED = 6;
    private static final int BITS = 1 << 14;

    private final long[] starts = new long[BITS / Long.SIZE];
    private final Map<Integer, List<String>> formsByStart;
    private final int longest;

    /** A redactor of these secrets. */
    public Redactor(Collection<Secret> secrets) {
        Set<String> forms = new LinkedHashSet<>();
        secrets.forEach(secret -> addForms(secret.reveal(), forms));
        Map<Integer, List<String>> byStart = new HashMap<>();
        for (String form : forms) {
            int start = start(form.charAt(0), form.charAt(1));
            starts[start >>> 6] |= 1L << start;
            byStart.computeIfAbsent(start, _ -> new ArrayList<>()).add(form);
        }
        byStart.values()
                .forEach(list ->
                        list.sort(Comparator.comparingInt(String::length).reversed()));
        this.formsByStart = byStart;
        this.longest = forms.stream().mapToInt(String::length).max().orElse(0);
    }

    /**
     * The length in characters of the longest form of a secret: who cuts a text into pieces holds back that many at the end,
     * or cuts at line ends. Passwords in addresses are not bounded by it.
     */
    public int maxSecretLength() {
        return longest;
    }

    /** The text with every secret masked; the same object when there is none. */
    public String redact(String text) {
        return AddressPasswords.mask(formsByStart.isEmpty() ? text : known(text));
    }

    private String known(String text) {
        StringBuilder masked = null;
        int copied = 0;
        for (int i = 0; i < text.length() - 1; i++) {
            int start = start(text.charAt(i), text.charAt(i + 1));
            if ((starts[start >>> 6] & (1L << start)) == 0) {
                continue;
            }
            int length = match(text, i, start);
            if (length > 0) {
                masked = masked == null ? new StringBuilder(text.length()) : masked;
                masked.append(text, copied, i).append(Secret.MASK);
                copied = i + length;
                i = copied - 1;
            }
        }
        return masked == null
                ? text
                : masked.append(text, copied, text.length()).toString();
    }

    /** The length of the longest form that stands here, or 0. */
    private int match(String text, int at, int start) {
        for (String form : formsByStart.getOrDefault(start, List.of())) {
            if (text.startsWith(form, at)) {
                return form.length();
            }
        }
        return 0;
    }

    private static int start(char first, char second) {
        return (first * 131 + second) & (BITS - 1);
    }

    private static void addForms(String secret, Set<String> forms) {
        if (secret.length() < SHORTEST) {
            return;
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
