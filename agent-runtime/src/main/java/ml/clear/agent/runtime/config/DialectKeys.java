// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Rewrites the keys of a text of the dialect. */
final class DialectKeys {

    private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]*");

    private final DialectCursor cursor;
    private final int mostParts;

    /** @param mostParts more would exhaust the stack of a recursive parser */
    DialectKeys(DialectCursor cursor, int mostParts) {
        this.cursor = cursor;
        this.mostParts = mostParts;
    }

    /** Rewrites the key at the cursor; returns it as it is written in the result. */
    String rewrite() {
        List<String> names = new ArrayList<>();
        StringBuilder name = new StringBuilder();
        boolean quoted = false;
        while (cursor.at < cursor.text.length()) {
            char c = cursor.text.charAt(cursor.at);
            if (c == '"') {
                name.append(cursor.quoted());
                quoted = true;
            } else if (c == '.') {
                names.add(name(name, quoted));
                name.setLength(0);
                quoted = false;
                cursor.at++;
            } else if ("{}[]:=,#\n".indexOf(c) >= 0 || cursor.here("+=")) {
                break;
            } else {
                name.append(c);
                cursor.at++;
            }
        }
        names.add(name(name, quoted));
        if (names.size() > mostParts) {
            throw cursor.syntax("a key has more than " + mostParts + " parts");
        }
        StringBuilder key = new StringBuilder();
        for (int i = 0; i < names.size(); i++) {
            String part = names.get(i);
            key.append(i == 0 ? "" : ".");
            if (PLAIN_NAME.matcher(part).matches() && !part.equals("include")) {
                key.append(part);
            } else {
                Json.quoteStrictly(part, key);
            }
        }
        cursor.out.append(key);
        return key.toString();
    }

    private String name(CharSequence name, boolean quoted) {
        String stripped = name.toString().strip();
        if (stripped.isEmpty() && !quoted) {
            throw cursor.syntax(
                    cursor.at < cursor.text.length()
                            ? "expected a key before '" + cursor.text.charAt(cursor.at) + "'"
                            : "expected a key");
        }
        return stripped;
    }
}
