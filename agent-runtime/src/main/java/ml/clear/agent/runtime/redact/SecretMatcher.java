// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.redact;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import ml.clear.agent.api.secret.Secret;

/** Finds the forms of a fixed set of secrets in one pass over a text, regardless of their number. Immutable. */
final class SecretMatcher {

    private static final int BITS = 1 << 14;

    private final long[] starts = new long[BITS / Long.SIZE];
    private final Map<Integer, List<String>> formsByStart = new HashMap<>();
    private final BitSet firsts = new BitSet();
    private int longest;

    /** A matcher of these secrets; secrets that are too short to be masked match nothing. */
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
        firsts.set(form.charAt(0));
        longest = Math.max(longest, form.length());
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

    /** How many characters at the end of a text are the beginning of a form that may continue behind it. */
    int openEnd(String text) {
        int last = text.length() - 1;
        int at = 0;
        while (at < last) {
            int start = start(text.charAt(at), text.charAt(at + 1));
            int whole = 0;
            if ((starts[start >>> 6] & (1L << start)) != 0) {
                if (text.length() - at < longest && begins(text, at, start)) {
                    return text.length() - at;
                }
                whole = match(text, at, start); // its end may look like the beginning of another one
            }
            at += Math.max(1, whole);
        }
        return at == last && firsts.get(text.charAt(last)) ? 1 : 0;
    }

    private boolean begins(String text, int at, int start) {
        int count = text.length() - at;
        return formsByStart.getOrDefault(start, List.of()).stream()
                .anyMatch(form -> form.length() > count && form.startsWith(text.substring(at)));
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
