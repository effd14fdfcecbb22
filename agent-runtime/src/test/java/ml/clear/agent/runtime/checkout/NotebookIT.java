// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.checkout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.process.Command;
import ml.clear.agent.api.process.CommandResult;
import ml.clear.agent.runtime.process.SystemCommandRunner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Notebooks with the Python of this machine. What is expected is what nbconvert 7 with IPython 9 writes. */
class NotebookIT {

    private final SystemCommandRunner commands = new SystemCommandRunner();

    @TempDir
    Path folder;

    private String converted(String... cells) throws Exception {
        Path source = Files.writeString(
                folder.resolve("train.ipynb"), "{\"cells\": [" + String.join(",", cells) + "], \"nbformat\": 4}");
        Path script = folder.resolve("train.py");
        new Notebook(source, script).convert(python(), folder, commands);
        return Files.readString(script);
    }

    private static Path python() {
        return List.of(System.getenv("PATH").split(":")).stream()
                .map(entry -> Path.of(entry).resolve("python3"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow();
    }

    private static String code(String... lines) {
        return "{\"cell_type\": \"code\", \"execution_count\": 1, \"source\": \""
                + String.join("\\n", lines).replace("\"", "\\\"") + "\"}";
    }

    @Test
    void cellsBecomeAScriptWithTextAsComments() throws Exception {
        assertThat(converted(
                        "{\"cell_type\": \"markdown\", \"source\": [\"# Title\\n\", \"text\"]}",
                        code("x = 1", "y = 2")))
                .isEqualTo(
                        "#!/usr/bin/env python\n# coding: utf-8\n\n# # Title\n# text\n\n# In[1]:\n\n\nx = 1\ny = 2\n\n\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "%matplotlib inline | get_ipython().run_line_magic('matplotlib', 'inline')",
                "!ls -l {x} $y | get_ipython().system('ls -l {x} $y')",
                "!!ls | get_ipython().getoutput('ls')",
                "files = !ls | files = get_ipython().getoutput('ls')",
                "a, b = !ls | a, b = get_ipython().getoutput('ls')",
                "t = %timeit -o x | t = get_ipython().run_line_magic('timeit', '-o x')",
                "os.path? | get_ipython().run_line_magic('pinfo', 'os.path')",
                "?os | get_ipython().run_line_magic('pinfo', 'os')",
                "os?? | get_ipython().run_line_magic('pinfo2', 'os')",
                "x = 7 % 3 | x = 7 % 3",
                "x = y != 3 | x = y != 3",
                "text = '%d' % 3 | text = '%d' % 3"
            })
    void magicCommandsBecomeCallsOfIpython(String line, String call) throws Exception {
        assertThat(converted(code(line))).contains("\n" + call + "\n");
    }

    @Test
    void whatOnlyLooksLikeAMagicCommandIsLeftAlone() throws Exception {
        String[] lines = {
            "s = '''", "%not", "!neither", "'''", "y = (3", "  % 2)", "z = 5 + 1 \\\\", "  % 3", "if y:", "    pass"
        };

        assertThat(converted(code(lines)))
                .contains(String.join("\n", lines).replace("\\\\", "\\"))
                .doesNotContain("get_ipython");
    }

    @Test
    void aCellOfAnotherLanguageAndCommandsInABlockRunWithoutIpython() throws Exception {
        converted(
                code("from __future__ import annotations", "x = 41"),
                code("if x:", "    !echo value {x + 1}", "print('plain')"),
                code("%%bash", "echo from bash"));

        CommandResult result = commands.run(Command.of(
                        python().toString(),
                        "-I",
                        "-S",
                        folder.resolve("train.py").toString())
                .directory(folder)
                .timeout(Duration.ofMinutes(2))
                .build());

        assertThat(result.errors()).isEmpty();
        assertThat(result.output()).isEqualTo("value 42\nplain\nfrom bash\n");
    }

    @Test
    void aMagicCommandThatNeedsIpythonSaysSo() throws Exception {
        converted(code("%sql select 1"));

        CommandResult result = commands.run(Command.of(
                        python().toString(),
                        "-I",
                        "-S",
                        folder.resolve("train.py").toString())
                .build());

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.errors()).contains("%sql needs IPython; add 'ipython' to the requirements of the task");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "not json | Expecting value",
                "[] | it has no cells",
                "{\"cells\": [], \"metadata\": {\"kernelspec\": {\"language\": \"R\"}}} | its language is 'r'"
            })
    void whatIsNoNotebookOfPythonIsRefusedWithTheReason(String content, String reason) throws Exception {
        Path source = Files.writeString(folder.resolve("other.ipynb"), content);

        assertThatThrownBy(() -> new Notebook(source, folder.resolve("other.py")).convert(python(), folder, commands))
                .isInstanceOfSatisfying(
                        AgentException.class, error -> assertThat(error.code()).isEqualTo(ErrorCode.TASK_INVALID))
                .hasMessageContainingAll("other.ipynb", reason);
    }
}
