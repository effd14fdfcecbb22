// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.config.ValueTypes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damaged copies of a real-shaped file: each is read, or refused with problems that have a place, and no message shows a secret.
 * {@code -Dfuzz.files=100000} tries more; a failure names its seed.
 */
class MutatedFileTest {

    private static final int FILES = Integer.getInteger("fuzz.files", 300);
    private static final String PIECES = "{}[]\"'=:,#$\\\n\r\t/()*@.+ \u0000\u00E9";
    private static final String SECRET = "geheim-91c7";

    private final Path home;

    MutatedFileTest(@TempDir Path home) {
        this.home = home;
    }

    @Test
    void noDamageGivesAnythingElseThanProblems() throws IOException {
        String original =
                VendorFileTest.text().replaceAll("(secret|pass|key)(\\w*): \"[^\"$]*\"", "$1$2: \"" + SECRET + "\"");
        assertThat(original).contains(SECRET);
        for (int seed = 0; seed < FILES; seed++) {
            String text = damaged(original, new Random(seed));
            assertThatCode(() -> check(text)).as("seed %d", seed).doesNotThrowAnyException();
        }
    }

    private void check(String text) {
        CheckedConfiguration checked = read(text);
        assertThat(checked.problems())
                .allSatisfy(problem -> assertThat(problem.toString()).doesNotContain(SECRET));
        ConfigurationReport report = new ConfigurationReport(checked);
        assertThat(report.validate(List.of())).isNotEmpty();
    }

    private CheckedConfiguration read(String text) {
        Configurations.write(home.resolve("clearml.conf"), text);
        return new ConfigurationLoader(Map.of(), home)
                .load()
                .check(List.of(RuntimeSettings.declarations(List.of())), Vocabulary.all());
    }

    private static String damaged(String original, Random random) {
        StringBuilder text = new StringBuilder(original);
        for (int edits = 1 + random.nextInt(4); edits > 0; edits--) {
            int at = random.nextInt(text.length());
            switch (random.nextInt(5)) {
                case 0 -> text.insert(at, PIECES.charAt(random.nextInt(PIECES.length())));
                case 1 -> text.deleteCharAt(at);
                case 2 -> text.setCharAt(at, PIECES.charAt(random.nextInt(PIECES.length())));
                case 3 -> text.setLength(Math.max(1, at));
                default -> text.insert(at, text.substring(at, Math.min(text.length(), at + random.nextInt(200))));
            }
        }
        return text.toString();
    }

    @Test
    void largeAndStrangeFilesEndWithAnAnswer() {
        List<String> texts = new ArrayList<>();
        texts.add("sdk { a: \"" + "x".repeat(1_000_000) + "\" }");
        texts.add("sdk.key: value # comment\n".repeat(80_000));
        texts.add(new String(new char[100_000]).replace('\0', '{'));
        texts.add("\u0001\u0002\u0003".repeat(10_000));
        texts.add("agent { worker_name: a }\nagent { worker_name: b }\n\tagent.worker_name:\tc\r\n");
        texts.forEach(text -> assertThatCode(() -> read(text)).doesNotThrowAnyException());
        Setting<String> name = Setting.of("agent.worker_name", ValueTypes.TEXT, "", "Name");
        assertThat(read(texts.getLast()).orThrow().get(name)).isEqualTo("c");
    }

    @Test
    void credentialsMayHoldAnyCharacterInQuotes() {
        String password = "a$ # \" \\ ( * b";
        StringBuilder quoted = new StringBuilder();
        Json.quote(password, quoted);
        assertThat(read("api.credentials.secret_key: " + quoted)
                        .orThrow()
                        .get(ApiSettings.SECRET_KEY)
                        .orElseThrow()
                        .reveal())
                .isEqualTo(password);
    }
}
