// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.redact;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import ml.clear.agent.api.secret.Secret;

/** Finds the forms of a fixed set of secrets in one pass over a text, whatever their number. Immutable. */
final class SecretMatcher {

    private static final int BITS = 1 << 14;

    private final long[] starts = new long[BITS / Long.SIZE];
    private final Map<Integer, List<String>> formsByStart = new HashMap<>();

    /** One for these secrets; those that are too short to be masked match nothing. */
    SecretMatcher(Collection<String> secrets) {
        secrets.stream()
                .flatMap(secret -> SecretForms.of(secret).stream())
                .distinct()
                .forEach(this::add);
        formsByStart
                .values()
                .forEach(list ->
                        list.sort(Comparator.comparingInt(String::length).reversed()));
    }

    private void add(String form) {
        int start = start(form.charAt(0), form.charAt(1));
        starts[start >>> 6] |= 1L << start;
        formsByStart.computeIfAbsent(start, _ -> new ArrayList<>()).add(form);
    }

    /** The text with every form replaced by {@link Secret#MASK}; the same object when there is none. */
    String mask(String text) {
        if (formsByStart.isEmpty()) {
            return text;
        }
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

    /** The length of the longest form at this place, or 0. */
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
}
