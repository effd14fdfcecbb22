// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pythonsupport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VersionTest {

    @Test
    void versionsAreOrderedByTheirStages() {
        List<String> ordered = List.of(
                "1.0.dev1", "1.0a1", "1.0b2", "1.0rc1", "1.0", "1.0.post1", "1.0.1", "1.1", "1.10", "2.0", "1!0.1");

        assertThat(ordered.reversed().stream()
                        .map(text -> Version.of(text).orElseThrow())
                        .sorted()
                        .map(Version::text))
                .containsExactlyElementsOf(ordered);
    }

    @Test
    void aTextThatIsNoVersionIsNone() {
        assertThat(Version.of("latest")).isEmpty();
        assertThat(Version.of("")).isEmpty();
        assertThat(Version.of("99999999999999")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                ">=23,<26 | 25.3 | true",
                ">=23,<26 | 26.0 | false",
                "<22.3 | 22.2.2 | true",
                "==2.* | 2.10 | true",
                "!=2.1 | 2.1.0 | false",
                "~=1.4.2 | 1.4.9 | true",
                "~=1.4.2 | 1.5 | false",
                "20.1 | 20.1.0 | true",
                "'' | 1 | true"
            })
    void conditionsHoldOrNot(String condition, String version, boolean holds) {
        assertThat(VersionSpecifiers.of(condition)
                        .orElseThrow()
                        .contains(Version.of(version).orElseThrow()))
                .isEqualTo(holds);
    }

    @Test
    void aTextThatIsNoConditionIsNone() {
        assertThat(VersionSpecifiers.of("newest")).isEmpty();
        assertThat(VersionSpecifiers.of(">= ")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "python_version < '3.10' | true",
                "python_version >= '3.10' and python_version <= '3.11' | false",
                "sys_platform == \"linux\" and (python_version < '3' or python_version == '3.9') | true",
                "platform_machine in 'x86_64 aarch64' | true",
                "platform_machine not in 'arm64' | true"
            })
    void markersAreEvaluated(String marker, boolean holds) {
        Map<String, String> machine =
                Map.of("python_version", "3.9", "sys_platform", "linux", "platform_machine", "x86_64");

        assertThat(Marker.holds(marker, machine)).contains(holds);
    }

    @Test
    void aTextThatIsNoMarkerIsNone() {
        assertThat(Marker.holds("python_version <", Map.of())).isEmpty();
        assertThat(Marker.holds("(python_version < '3'", Map.of())).isEmpty();
        assertThat(Marker.holds("$", Map.of())).isEmpty();
    }
}
