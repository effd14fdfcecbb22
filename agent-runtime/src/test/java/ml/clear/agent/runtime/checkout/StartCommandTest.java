// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.checkout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import ml.clear.agent.api.error.AgentException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartCommandTest {

    private static final List<String> PYTHON = List.of("/env/bin/python");

    @TempDir
    private Path root;

    @Test
    void existingFileIsOneArgumentEvenWithBlanks() throws Exception {
        Files.writeString(root.resolve("my script.py"), "");

        assertThat(start(Language.PYTHON, "my script.py").command())
                .containsExactly("/env/bin/python", "-u", "-O", "my script.py");
    }

    @Test
    void argumentsAreSplitAsAShellDoes() {
        assertThat(start(Language.PYTHON, "train.py --name 'two words' --url https://h//x a\\ b \"q\\\"q\" ''")
                        .command())
                .containsExactly(
                        "/env/bin/python",
                        "-u",
                        "-O",
                        "train.py",
                        "--name",
                        "two words",
                        "--url",
                        "https://h//x",
                        "a b",
                        "q\"q",
                        "");
    }

    @Test
    void variablesAreExpandedBehindModules() {
        assertThat(start(Language.PYTHON, "-m pkg.train --data $DATA/x --keep ${UNSET}")
                        .command())
                .containsExactly(
                        "/env/bin/python", "-u", "-O", "-m", "pkg.train", "--data", "/data/x", "--keep", "${UNSET}");
    }

    @Test
    void notebookIsConvertedFirst() {
        StartCommand start = start(Language.PYTHON, "explore.ipynb --fast");

        assertThat(start.notebooks())
                .containsExactly(new Notebook(root.resolve("explore.ipynb"), root.resolve("explore.py")));
        assertThat(start.command()).containsExactly("/env/bin/python", "-u", "-O", "explore.py", "--fast");
    }

    @Test
    void shellScriptsAreStartedByTheUsersShell() {
        assertThat(start(Language.SHELL, "run.sh a 'b c'").command()).containsExactly("/bin/zsh", "run.sh", "a", "b c");
        assertThat(start(Language.SHELL, "-c echo one && echo 'two'").command())
                .containsExactly("/bin/zsh", "-c", "echo one && echo 'two'");
    }

    @Test
    void aTaskWithoutAnEntryPointHasNothingToRun() {
        for (Language language : List.of(Language.PYTHON, Language.SHELL)) {
            assertThatThrownBy(() -> start(language, ""))
                    .isInstanceOf(AgentException.class)
                    .hasMessageContaining("the task has no entry point");
        }
    }

    @Test
    void quotationWithoutEndIsTheTasksFault() {
        assertThatThrownBy(() -> start(Language.PYTHON, "train.py 'open"))
                .isInstanceOf(AgentException.class)
                .hasMessageContaining("train.py 'open");
    }

    @Test
    void pythonPathHoldsTheScriptsFoldersOnceAndNoAddress() throws Exception {
        Path file = Files.createDirectories(root.resolve("src/pkg")).resolve("train.py");
        Files.writeString(file, "");
        PreparedCode code = new PreparedCode(
                root, root.resolve("src"), "pkg/train.py --url https://h/x", Language.PYTHON, "https://h/r", "abc");
        StartCommand start = StartCommand.of(code, PYTHON, List.of(), Map.of());

        String path = new PythonPath("/before", false, List.of("/lib/python", "/before"), "/extra")
                .of(code, start.scriptFile());
        String rooted = new PythonPath("", true, List.of(), "").of(code, start.scriptFile());

        assertThat(path)
                .isEqualTo(String.join(":", "/before", root + "/src", root + "/src/pkg", "/lib/python", "/extra"));
        assertThat(rooted).isEqualTo(root.toString());
    }

    private StartCommand start(Language language, String entry) {
        PreparedCode code = new PreparedCode(root, root, entry, language, "", "");
        return StartCommand.of(code, PYTHON, List.of("-O"), Map.of("DATA", "/data", "SHELL", "/bin/zsh"));
    }
}
