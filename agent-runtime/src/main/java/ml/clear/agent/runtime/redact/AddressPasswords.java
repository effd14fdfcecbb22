// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.redact;

import ml.clear.agent.api.secret.Secret;

/**
 * Hides the password of {@code scheme://user:password@host}, and a user that is as long as an access token: hosts of
 * repositories take a token in place of the user.
 */
public final class AddressPasswords {

    private static final String START = "://";

    /** Names of people are shorter, tokens are longer. */
    private static final int SHORTEST_TOKEN = 20;

    private AddressPasswords() {}

    /** The text with every such password replaced; the same object when there is none. */
    public static String mask(String text) {
        int start = text.indexOf(START);
        if (start < 0) {
            return text;
        }
        StringBuilder masked = null;
        int copied = 0;
        while (start >= 0) {
            int from = start + START.length();
            int colon = -1;
            int at = -1;
            // A password may hold an '@' that is not encoded: the last one before the path counts.
            for (int i = from; i < text.length() && !endsAuthority(text.charAt(i)); i++) {
                if (text.charAt(i) == ':' && colon < 0) {
                    colon = i;
                } else if (text.charAt(i) == '@') {
                    at = i;
                }
            }
            int userEnd = colon >= 0 && colon < at ? colon : at;
            if (userEnd - from >= SHORTEST_TOKEN) {
                masked = masked == null ? new StringBuilder(text.length()) : masked;
                masked.append(text, copied, from).append(Secret.MASK);
                copied = userEnd;
            }
            if (colon >= 0 && at > colon + 1) {
                masked = masked == null ? new StringBuilder(text.length()) : masked;
                masked.append(text, copied, colon + 1).append(Secret.MASK);
                copied = at;
            }
            start = text.indexOf(START, from);
        }
        return masked == null
                ? text
                : masked.append(text, copied, text.length()).toString();
    }

    /** How many characters at the end of a text are an address whose password may continue behind it. */
    static int openEnd(String text) {
        int start = text.lastIndexOf(START);
        if (start < 0) {
            return 0;
        }
        for (int i = start + START.length(); i < text.length(); i++) {
            if (endsAuthority(text.charAt(i))) {
                return 0;
            }
        }
        return text.length() - start;
    }

    private static boolean endsAuthority(char c) {
        return c == '/' || c == '?' || c == '#' || c == '"' || c == '\'' || c == '\\' || c == '<' || c == '>'
                || c <= ' ';
    }
}
