// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code docs/configuration.md}: every key of the agent and of the plugins in the archive, with what it changes and the test that
 * shows it. The page is generated in {@code target}; where it differs, copy it over the one in {@code docs}.
 */
class ConfigurationPageIT {

    private static final Path REPOSITORY = Path.of(System.getProperty("repository"));
    private static final Path CONFIG = REPOSITORY.resolve("distribution/src/test/config");
    private static final Path PAGE = REPOSITORY.resolve("docs/configuration.md");
    private static final Path MADE = REPOSITORY.resolve("distribution/target/configuration.md");
    private static final Pattern ROW = Pattern.compile("\\| `([^`]+)` \\|.*");
    private static final Pattern ADDRESS = Pattern.compile("`\\[?\"https?://[^`]*`");
    private static final String USED = " | used here | ";
    private static final String PASSED = " | passed to the task's Python package | ";
    private static final String PASSED_ON = "TaskConfigurationTest#everythingIsHandedOnSecretsAndUndeclaredKeysToo";
    private static final String SEEN_BY_THE_SDK = "SdkTaskIT#everyKeyOfTheSdkReachesTheTask";

    /** What has no effect is reported as such when it is set. */
    private static final Pattern WITHOUT_EFFECT = Pattern.compile(".* \\| (no effect|retired): .*");

    private static final String REPORTED =
            "ConfigurationTest#keysAndVariablesWithoutEffectAreReportedOnlyWhenTheyAreSet";

    @TempDir
    private Path home;

    private List<String> reference() {
        Shell.Finished printed = Shell.in(home)
                .with("HOME", home.toString())
                .with("CLEARML_AGENT_AOT", "use")
                .run(Installation.shared().launcher().toString(), "config", "reference");
        assertThat(printed.status()).as(printed.err()).isZero();
        return printed.out().lines().toList();
    }

    @Test
    void thePageListsEveryKeyWithItsEffectAndTheTestThatShowsIt() throws IOException {
        StringBuilder page = new StringBuilder("""
                # Configuration

                Every key of `clearml.conf`, of the agent and of the plugins that come with it. This page is made from the declarations
                (`clearml-agent config reference`) by `ConfigurationPageIT`, which also looks for the tests. A bare number is in the unit
                that the type names. Variables are stronger than files, the first that has a value wins; any key can also be set by
                `CLEARML_AGENT__A__B` for `a.b`. `config explain KEY` says what a key is now and where it was set.

                """);
        Map<String, String> tests = tests();
        List<String> rows = reference();
        for (int i = 0; i < rows.size(); i++) {
            String last = i == 0 ? "Shown by" : i == 1 ? "---" : shownBy(rows.get(i), tests);
            page.append(ADDRESS.matcher(rows.get(i)).replaceFirst("`an address`"))
                    .append(' ')
                    .append(last)
                    .append(" |\n");
        }
        Files.writeString(MADE, page);
        assertThat(PAGE).as("copy %s to %s", MADE, PAGE).hasSameTextualContentAs(MADE);
    }

    @Test
    void everyUsedKeyHasATestThatExists() throws IOException {
        Map<String, String> tests = tests();
        TestSources sources = TestSources.read();
        assertThat(tests.values()).allSatisfy(test -> {
            String[] parts = test.split("#", -1);
            assertThat(sources.has(parts[0], parts[1])).as(test).isTrue();
        });
        Set<String> lacking = new TreeSet<>();
        for (String row : reference()) {
            if (row.contains(USED) && test(key(row), tests).isEmpty()) {
                lacking.add(key(row));
            }
        }
        assertThat(lacking).isEmpty();
    }

    @Test
    void everyDocumentedKeyIsOnThePage() throws IOException {
        Set<String> keys = new TreeSet<>();
        for (String row : reference()) {
            String key = key(row);
            for (int dot = key.length(); dot > 0; dot = key.lastIndexOf('.', dot - 1)) {
                keys.add(key.substring(0, dot));
            }
        }
        assertThat(keys).containsAll(Files.readAllLines(CONFIG.resolve("documented-keys.txt")));
    }

    private static String key(String row) {
        Matcher matcher = ROW.matcher(row);
        return matcher.matches() ? matcher.group(1) : "";
    }

    private static String shownBy(String row, Map<String, String> tests) {
        if (row.contains(PASSED)) {
            return "`" + (key(row).startsWith("sdk.") ? SEEN_BY_THE_SDK : PASSED_ON) + "`";
        }
        if (WITHOUT_EFFECT.matcher(row).matches()) {
            return "`" + REPORTED + "`";
        }
        String test = row.contains(USED) ? test(key(row), tests) : "";
        return test.isEmpty() ? "" : "`" + test + "`";
    }

    /** The test of a key, or of the group or section that it is a member of. */
    private static String test(String key, Map<String, String> tests) {
        for (int dot = key.length(); dot > 0; dot = key.lastIndexOf('.', dot - 1)) {
            String test = tests.get(key.substring(0, dot));
            if (test != null) {
                return test;
            }
        }
        return "";
    }

    private static Map<String, String> tests() throws IOException {
        Map<String, String> tests = new TreeMap<>();
        for (String line : Files.readAllLines(CONFIG.resolve("effect-tests.txt"))) {
            if (!line.startsWith("#")) {
                String[] words = line.split(" ", -1);
                assertThat(tests.put(words[0], words[1])).as(line).isNull();
            }
        }
        return tests;
    }
}
