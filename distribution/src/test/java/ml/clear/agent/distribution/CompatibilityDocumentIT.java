// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code docs/compatibility.md} names tests that exist. */
class CompatibilityDocumentIT {

    private static final Path REPOSITORY = Path.of(System.getProperty("repository"));
    private static final Pattern NAMED = Pattern.compile("`([A-Z]\\w+)#(\\w+)`");

    @Test
    void everyTestThatItNamesIsThere() throws IOException {
        TestSources sources = TestSources.read();
        String document = Files.readString(REPOSITORY.resolve("docs/compatibility.md"));

        Stream<String> missing = NAMED.matcher(document)
                .results()
                .filter(named -> !sources.has(named.group(1), named.group(2)))
                .map(MatchResult::group);

        assertThat(missing).isEmpty();
        assertThat(NAMED.matcher(document).results()).hasSizeGreaterThan(50);
    }
}
