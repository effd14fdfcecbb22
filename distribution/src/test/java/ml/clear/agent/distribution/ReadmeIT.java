// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The README's commands as they stand, in a fresh clone and an empty home, with the Java that is first on this machine's
 * PATH, whatever its version. The blocks with placeholders, such as a task's id, are left out.
 */
@Tag("thorough")
class ReadmeIT {

    private static final Path REPOSITORY = Path.of(System.getProperty("repository"));
    private static final List<String> SECTIONS = List.of("## Two commands", "## A first plugin in five minutes");

    private static final Pattern BUILD = Pattern.compile("\\./build +#.*");

    @TempDir
    private Path folder;

    @Test
    void everyBlockRunsAsWritten() throws IOException {
        Assumptions.assumeTrue(Files.exists(REPOSITORY.resolve(".git")), "this is no clone");
        Path clone = folder.resolve("clone");
        Shell.Finished cloned =
                Shell.in(folder).run("git", "clone", "--quiet", "--depth=1", "file://" + REPOSITORY, clone.toString());
        assertThat(cloned.status()).as(cloned.err()).isZero();
        // Only the folder of Maven's downloads is this machine's own.
        String repository = "-Dmaven.repo.local=" + System.getProperty("maven.repository");
        List<String> blocks = new ArrayList<>();
        for (String section : SECTIONS) {
            blocks.addAll(blocks(section));
        }
        assertThat(blocks).hasSize(4);

        try (AgentHome home = AgentHome.emptyIn(
                        folder, new Installation(clone.resolve("distribution/.installed/current")))
                .with("MAVEN_OPTS", repository)) {
            Shell.Finished finished =
                    home.shell().run("bash", "-e", "-c", "cd '" + clone + "'\n" + String.join("\n", blocks));

            assertThat(finished.status()).as(finished.out() + finished.err()).isZero();
            assertThat(finished.out())
                    .contains("accuracy")
                    .containsPattern("(?m)^first-plugin +1\\.0\\.0 +started\\b.*$")
                    .contains("hello from the first plugin: nothing to install\n", "\nit runs\n");
        }
    }

    /** The fenced blocks of a section, as a reader copies them from the page, without the build, which runs this test. */
    private static List<String> blocks(String section) throws IOException {
        List<String> lines = Files.readAllLines(REPOSITORY.resolve("README.md"));
        List<String> blocks = new ArrayList<>();
        StringBuilder block = null;
        int indentation = 0;
        for (String line : lines.subList(lines.indexOf(section) + 1, lines.size())) {
            if (line.startsWith("## ")) {
                break;
            }
            if (block == null && line.strip().equals("```bash")) {
                block = new StringBuilder();
                indentation = line.indexOf('`');
            } else if (block != null && line.strip().equals("```")) {
                blocks.add(block.toString());
                block = null;
            } else if (block != null && !BUILD.matcher(line).matches()) {
                block.append(line.substring(Math.min(indentation, line.length())))
                        .append('\n');
            }
        }
        return blocks;
    }
}
