// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file with every key of the vendor's reference page, and the plugins of the archive. */
class DocumentedKeysIT {

    private static final Path REPOSITORY = Path.of(System.getProperty("repository"));
    private static final Path FILE =
            REPOSITORY.resolve("agent-runtime/src/test/resources/ml/clear/agent/runtime/config/clearml.conf");
    private static final Path KEYS = REPOSITORY.resolve("distribution/src/test/config/documented-keys.txt");

    @TempDir
    private Path folder;

    @Test
    void theyAllLoadWithoutAProblem() throws IOException {
        Path home = Files.createDirectory(folder.resolve("home"));
        Shell.Finished validated = Shell.in(folder)
                .with("HOME", home.toString())
                .with("CLEARML_AGENT_AOT", "use")
                .with("EXAMPLE_SECRET_KEY", "secret")
                .with("GOOGLE_APPLICATION_CREDENTIALS", "/keys/google.json")
                .run(
                        Installation.shared().launcher().toString(),
                        "--config-file",
                        FILE.toString(),
                        "config",
                        "validate");

        assertThat(validated.status()).as(validated.out() + validated.err()).isZero();
        assertThat(validated.out()).doesNotContain("error: ", "warning: ");
        String text = Files.readString(FILE);
        for (String key : Files.readAllLines(KEYS)) {
            assertThat(text).as(key).containsPattern("\\b" + key.substring(key.lastIndexOf('.') + 1) + "\\b");
        }
    }
}
