// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ml.clear.agent.embedded.store.Refusal;

/** The address of a call: {@code /<service>.<action>}, after {@code /v<version>} or without. */
record ApiPath(String name, ApiVersion version) {

    private static final Pattern FORM =
            Pattern.compile("(?:/v(\\d+\\.\\d+|\\d{2,4}))?/([a-zA-Z_][a-zA-Z0-9_]*\\.[a-zA-Z_][a-zA-Z0-9_]*)/?");

    static ApiPath parse(String path) {
        Matcher matcher = FORM.matcher(path);
        if (!matcher.matches()) {
            throw Refusal.bad(0, "Invalid request path " + path);
        }
        String version = matcher.group(1);
        return new ApiPath(matcher.group(2), version == null ? ApiVersion.HIGHEST : version(version));
    }

    private static ApiVersion version(String text) {
        int dot = text.indexOf('.');
        String major = dot < 0 ? text : text.substring(0, dot);
        String minor = dot < 0 ? "0" : text.substring(dot + 1);
        if (zeroLed(major) || zeroLed(minor) || major.length() > 6 || minor.length() > 6) {
            throw Refusal.bad(2, "Bad version in path: version=" + text);
        }
        return ApiVersion.of(Integer.parseInt(major), Integer.parseInt(minor));
    }

    private static boolean zeroLed(String number) {
        return number.length() > 1 && number.startsWith("0");
    }
}
