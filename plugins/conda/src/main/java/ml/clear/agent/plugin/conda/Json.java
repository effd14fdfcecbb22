// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.conda;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes texts, booleans, lists and maps as JSON, which is also the plainest form of YAML. */
final class Json {

    private Json() {}

    static String text(Object value) {
        return switch (value) {
            case Map<?, ?> members ->
                members.entrySet().stream()
                        .map(member -> quoted(String.valueOf(member.getKey())) + ": " + text(member.getValue()))
                        .collect(Collectors.joining(", ", "{", "}"));
            case List<?> items -> items.stream().map(Json::text).collect(Collectors.joining(", ", "[", "]"));
            case Boolean flag -> flag.toString();
            default -> quoted(value.toString());
        };
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char letter = text.charAt(i);
            if (letter == '"' || letter == '\\') {
                quoted.append('\\').append(letter);
            } else if (letter < ' ') {
                quoted.append(String.format("\\u%04x", (int) letter));
            } else {
                quoted.append(letter);
            }
        }
        return quoted.append('"').toString();
    }
}
