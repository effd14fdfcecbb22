// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Our reading of real-shaped files beside that of the Python agent's own loader, the vendor's files among them: what it accepts
 * is accepted, and every value is the same, except for the differences that are listed here, each with its reason.
 */
@Tag("thorough")
class PythonAgentLoaderIT {

    private static final Path REQUIREMENTS =
            Path.of("..", "distribution", "src", "test", "python", "agent-requirements.txt");
    private static final Path ENVIRONMENT = Path.of("target", "python-agent").toAbsolutePath();

    @TempDir
    private Path folder = Path.of("");

    @Test
    void everyFileThatThePythonAgentAcceptsIsReadWithTheSameValues() throws Exception {
        Path python = installed();
        Map<String, String> files = realShaped();
        files.put("vendor's sample", VendorFileTest.text().replaceAll("\"\\$\\{([A-Z_]+)}\"", "\"$1\""));
        files.putAll(defaultsOfTheVendor());
        assertThat(files).hasSizeGreaterThan(60);
        files.put("empty", "");
        files.forEach(this::read);
        Files.copy(resource("compare.py"), folder.resolve("compare.py"));

        List<String> differences = run(
                        python.toString(), folder.resolve("compare.py").toString(), folder.toString())
                .lines()
                .toList();

        assertThat(differences).containsExactlyElementsOf(resourceLines("justified-differences.txt"));
    }

    /** The file, and what we make of it where it can be used. */
    private void read(String name, String text) {
        try {
            Path file = Files.writeString(folder.resolve(name.replace(' ', '-') + ".conf"), text);
            LoadedConfiguration loaded = new ConfigurationLoader(Map.of(), folder).load(file);
            CheckedConfiguration checked =
                    loaded.check(List.of(RuntimeSettings.declarations(List.of())), Vocabulary.all());
            if (checked.errors().isEmpty()) {
                Files.writeString(folder.resolve(name.replace(' ', '-') + ".json"), Json.render(loaded.root()));
            }
        } catch (IOException e) {
            throw new AssertionError(name, e);
        }
    }

    /** Each file of the resource follows a line with its name. */
    private static Map<String, String> realShaped() throws IOException {
        Map<String, String> files = new LinkedHashMap<>();
        try (InputStream resource = resource("real-shaped.txt")) {
            for (String part : new String(resource.readAllBytes(), StandardCharsets.UTF_8).split("(?m)^=== ")) {
                if (!part.isBlank()) {
                    int end = part.indexOf('\n');
                    files.put(part.substring(0, end), part.substring(end + 1));
                }
            }
        }
        return files;
    }

    /** The files with all defaults that come with the Python agent, each the content of a section. */
    private static Map<String, String> defaultsOfTheVendor() throws IOException {
        Map<String, String> files = new LinkedHashMap<>();
        try (Stream<Path> found = Files.walk(ENVIRONMENT.resolve("lib"))) {
            for (Path file : found.filter(path -> path.toString().contains("clearml_agent/backend_api/config/default"))
                    .filter(path -> path.toString().endsWith(".conf"))
                    .toList()) {
                String section = file.getFileName().toString().replace(".conf", "");
                files.put(
                        "vendor's " + section,
                        section + " " + Files.readString(file).strip());
            }
        }
        assertThat(files).hasSize(4);
        return files;
    }

    private static Path installed() throws Exception {
        Path marker = ENVIRONMENT.resolveSibling("python-agent.prepared");
        String requirements = Files.readString(REQUIREMENTS);
        try {
            if (!Files.exists(marker) || !Files.readString(marker).equals(requirements)) {
                run("python3", "-m", "venv", "--clear", ENVIRONMENT.toString());
                run(ENVIRONMENT.resolve("bin/pip").toString(), "install", "--quiet", "-r", REQUIREMENTS.toString());
                Files.writeString(marker, requirements);
            }
        } catch (IOException e) {
            if (Boolean.getBoolean("require.real")) {
                throw e;
            }
            Assumptions.abort("needs python3 with venv, and a package index: " + e.getMessage());
        }
        return ENVIRONMENT.resolve("bin/python");
    }

    /** What a program prints. */
    private static String run(String... command) throws IOException, InterruptedException {
        Path output = Files.createTempFile("output", ".txt");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            if (!process.waitFor(5, TimeUnit.MINUTES)) {
                process.destroyForcibly().waitFor();
                throw new IOException("'" + command[0] + "' did not end within 5 minutes");
            }
            String printed = Files.readString(output, StandardCharsets.UTF_8);
            if (process.exitValue() != 0) {
                throw new IOException("'" + String.join(" ", command) + "' failed: " + printed);
            }
            return printed;
        } finally {
            Files.delete(output);
        }
    }

    private static List<String> resourceLines(String name) throws IOException {
        try (InputStream resource = resource(name)) {
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#") && !line.isEmpty())
                    .toList();
        }
    }

    private static InputStream resource(String name) {
        return Objects.requireNonNull(PythonAgentLoaderIT.class.getResourceAsStream(name), name);
    }
}
