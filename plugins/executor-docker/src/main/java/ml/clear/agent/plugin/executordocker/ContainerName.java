// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.executordocker;

import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Makes names of containers by {@code agent.docker_container_name_format}. */
final class ContainerName {

    private static final Pattern FIELD = Pattern.compile("\\{([a-z_]+)(?::\\.(\\d+))?\\}");
    private static final Pattern FORM = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]+");
    private static final int RANDOM_LETTERS = 32;

    private ContainerName() {}

    /**
     * The name; empty when the engine would refuse it.
     *
     * @param fields what the format may name, besides {@code rand_string}
     */
    static Optional<String> of(String format, Map<String, String> fields) {
        String name = FIELD.matcher(format).replaceAll(match -> {
            String field = match.group(1);
            String value = fields.getOrDefault(field, field.equals("rand_string") ? random() : "");
            String limit = match.group(2);
            return Matcher.quoteReplacement(
                    limit == null ? value : value.substring(0, Math.min(value.length(), Integer.parseInt(limit))));
        });
        return Optional.of(name).filter(text -> FORM.matcher(text).matches());
    }

    private static String random() {
        return new SecureRandom()
                .ints(RANDOM_LETTERS, 'a', 'z' + 1)
                .mapToObj(Character::toString)
                .collect(Collectors.joining());
    }
}
