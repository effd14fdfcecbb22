// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Our reading of files beside that of the parser which the Python agent and the task's SDK use. */
class PythonParserIT {

    private static final String PARSER = "pyhocon==0.3.63";

    @TempDir
    private static Path folder = Path.of("");

    private static Path python = Path.of("");

    @BeforeAll
    static void installParser() throws Exception {
        try {
            run("python3", "-m", "venv", folder.resolve("venv").toString());
            python = folder.resolve("venv/bin/python");
            run(python.toString(), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", PARSER);
        } catch (IOException e) {
            if (Boolean.getBoolean("require.real")) {
                throw e;
            }
            Assumptions.abort("needs python3 with venv, and a package index: " + e.getMessage());
        }
        try (InputStream script = PythonParserIT.class.getResourceAsStream("compare.py")) {
            Files.copy(Objects.requireNonNull(script), folder.resolve("compare.py"));
        }
    }

    /** What a program prints. */
    private static String run(String... command) throws IOException, InterruptedException {
        Path output = folder.resolve("output.txt");
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
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "vendor",
                "a: True\nb: yes\nc: null\nd: 3.10\ne: 1e3\nf: -5\ng: 1.2.3\nh: 10%\n",
                "a: ~/x (y) <z> | 'q' ; %\nb = http://host:8008//c # comment\nd: x // comment\n",
                "a: \"\\d+\\.\\n\\t\\\\ \\\" \\/ \\u00e9\"\nb: C:\\temp\nc: \"\"\"raw \\n \"quoted\" \"\"\"\n",
                "a: \"x\" \"y\"\nb: x\"y\"z\nc: [\"a\" \"b\"]\nd: [1, 2,,3,]\ne: {f: 1 g: 2}\n",
                "a { b: 1, c: 2 }\na { b: 3 }\nd.e: 1\nd.f: 2\ng: [1] [2]\nh: {i: 1} {j: 2}\n",
                "x: one\na: ${x}\nb: p${x}s\nc: [${x}, ${?absent}two]\nd { e: ${x} }\n",
                "{\n  a: 1,\n  b {\n    c: 2\n  },\n\n  # comment\n  d: [\n    1\n    2\n  ]\n}\n",
                "a:\n  text\nb:\n  [1]\nc: \"\"\nd { e:\n}\n",
                "a: [1]\na += [2]\nb: x\nb += y\nc { d: 1 }\nc += { e: 2 }\nf += [3]\ng: 1\ng += 2\n",
                "a: [\"\", \"a\"]\nb: [\"a\", \"\"]\nc: [\"\"]\n",
                "a: 1\rb: 2\rc { d: x }\r",
                "a: \"x\u0001y\"\n",
                "a/b: 1\n\"c\": 2\nd-e: 3\ntwo words: 4\n7: 8\n",
            })
    void bothReadTheSame(String text) throws Exception {
        String content =
                text.equals("vendor") ? VendorFileTest.text().replaceAll("\"\\$\\{([A-Z_]+)}\"", "\"$1\"") : text;
        Path file = Files.writeString(folder.resolve("a.conf"), content);
        List<Problem> problems = new ArrayList<>();
        Node.Group root = new HoconParser(Map.of(), SourceTexts.onDisk(), problems::add).file(file);
        assertThat(problems).noneMatch(Problem::isError);
        Path rendered = Files.writeString(folder.resolve("a.json"), Json.render(root));

        assertThat(run(
                        python.toString(),
                        folder.resolve("compare.py").toString(),
                        file.toString(),
                        rendered.toString()))
                .isEmpty();
    }
}
