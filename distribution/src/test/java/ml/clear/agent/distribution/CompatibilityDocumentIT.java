// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code docs/compatibility.md} names tests that exist. */
class CompatibilityDocumentIT {

    private static final Path REPOSITORY = Path.of(System.getProperty("repository"));
    private static final Pattern NAMED = Pattern.compile("`(\\w+)#(\\w+)`");
    private static final Pattern ABOVE = Pattern.compile("class \\w+ extends (\\w+)");

    @Test
    void everyTestThatItNamesIsThere() throws IOException {
        Map<String, String> sources = sources();
        String document = Files.readString(REPOSITORY.resolve("docs/compatibility.md"));

        Stream<String> missing = NAMED.matcher(document)
                .results()
                .filter(named -> !has(sources, named.group(1), named.group(2)))
                .map(MatchResult::group);

        assertThat(missing).isEmpty();
        assertThat(NAMED.matcher(document).results()).hasSizeGreaterThan(50);
    }

    /** In the class, or in the one that it extends, as the suites of contracts are. */
    private static boolean has(Map<String, String> sources, String name, String method) {
        return Optional.ofNullable(sources.get(name))
                .filter(source -> source.contains("void " + method + "(") || hasAbove(sources, source, method))
                .isPresent();
    }

    private static boolean hasAbove(Map<String, String> sources, String source, String method) {
        Matcher above = ABOVE.matcher(source);
        return above.find() && has(sources, above.group(1), method);
    }

    private static Map<String, String> sources() throws IOException {
        Map<String, String> sources = new TreeMap<>();
        try (Stream<Path> files = Files.walk(REPOSITORY)) {
            for (Path file : (Iterable<Path>)
                    files.filter(path -> path.toString().matches(".*(Test|IT|Contract)\\.java"))::iterator) {
                String name = file.getFileName().toString();
                sources.put(name.substring(0, name.length() - ".java".length()), Files.readString(file));
            }
        }
        return sources;
    }
}
