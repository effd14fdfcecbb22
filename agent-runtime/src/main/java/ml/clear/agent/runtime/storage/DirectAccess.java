// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.storage;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import ml.clear.agent.api.storage.StorageAddress;

/** Addresses that match a pattern of {@code sdk.storage.direct_access}, and are files that can be used where they are. */
final class DirectAccess {

    private final List<Pattern> patterns;

    /** @param globs with {@code *} for any text and {@code ?} for one character */
    DirectAccess(List<String> globs) {
        patterns = globs.stream().map(DirectAccess::pattern).toList();
    }

    /** The file itself, empty when it must be fetched. */
    Optional<Path> of(StorageAddress address) {
        boolean matches = patterns.stream()
                .anyMatch(pattern -> pattern.matcher(address.text()).matches());
        return matches && address.scheme().equals("file")
                ? Optional.of(Path.of("/" + address.key()))
                : Optional.empty();
    }

    private static Pattern pattern(String glob) {
        return Pattern.compile(
                glob.codePoints()
                        .mapToObj(c -> switch (c) {
                            case '*' -> ".*";
                            case '?' -> ".";
                            default -> Pattern.quote(Character.toString(c));
                        })
                        .collect(Collectors.joining()),
                Pattern.DOTALL);
    }
}
