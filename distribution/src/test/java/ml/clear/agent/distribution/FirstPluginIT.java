// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's section about a first plugin, word for word. */
class FirstPluginIT {

    private static final Path REPOSITORY = Path.of(System.getProperty("repository"));
    private static final String SECTION = "## A first plugin in five minutes";

    @TempDir
    private Path folder;

    @Test
    void sectionOfTheReadmeWorks() throws IOException {
        Installation installation = Installation.shared();
        Path clone = Files.createDirectories(folder.resolve("clone"));
        String api = "agent-api/target/agent-api-" + System.getProperty("distribution.version") + ".jar";
        Files.createDirectories(clone.resolve(api).getParent());
        Files.copy(REPOSITORY.resolve(api), clone.resolve(api));
        // A clone's own command builds first; what it runs then is this.
        Path command = Files.writeString(
                clone.resolve("clearml-agent"), "#!/bin/sh\nexec '" + installation.launcher() + "' \"$@\"\n");
        Files.setPosixFilePermissions(command, PosixFilePermissions.fromString("rwxr-xr-x"));

        try (Home home = Home.emptyIn(folder, installation)
                .with("PATH", System.getProperty("java.home") + "/bin:" + System.getenv("PATH"))) {
            List<String> blocks = blocks();
            assertThat(blocks).hasSize(3);

            Shell.Finished finished =
                    home.shell().run("bash", "-e", "-c", "cd '" + clone + "'\n" + String.join("\n", blocks));

            assertThat(finished.status()).as(finished.out() + finished.err()).isZero();
            assertThat(finished.out())
                    .containsPattern("(?m)^first-plugin +1\\.0\\.0 +started\\b.*$")
                    .contains("hello from the first plugin: nothing to install\n", "\nit runs\n");
        }
    }

    /** The fenced blocks of the section, as a reader copies them from the page. */
    private static List<String> blocks() throws IOException {
        List<String> lines = Files.readAllLines(REPOSITORY.resolve("README.md"));
        List<String> blocks = new ArrayList<>();
        StringBuilder block = null;
        int indentation = 0;
        for (String line : lines.subList(lines.indexOf(SECTION) + 1, lines.size())) {
            if (line.startsWith("## ")) {
                break;
            }
            if (block == null && line.strip().equals("```bash")) {
                block = new StringBuilder();
                indentation = line.indexOf('`');
            } else if (block != null && line.strip().equals("```")) {
                blocks.add(block.toString());
                block = null;
            } else if (block != null) {
                block.append(line.substring(Math.min(indentation, line.length())))
                        .append('\n');
            }
        }
        return blocks;
    }
}
