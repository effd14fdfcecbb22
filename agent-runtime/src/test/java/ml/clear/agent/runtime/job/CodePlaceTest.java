// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.task.Requirements;
import ml.clear.agent.api.task.Script;
import ml.clear.agent.api.vcs.CredentialChain;
import ml.clear.agent.runtime.checkout.Checkouts;
import ml.clear.agent.runtime.checkout.PreparedCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CodePlaceTest {

    private static final Script OF_A_REPOSITORY =
            script("https://git.example.com/project.git", "training", "train.py --epochs 3", "diff --git a/x b/x");

    private final List<String> console = new ArrayList<>();
    private final Checkouts checkouts = new Checkouts(List.of(), CredentialChain.empty(), Map.of());

    @TempDir
    private Path folder;

    @Test
    void codeThatIsThereIsUsedAsItIs() throws Exception {
        Files.createDirectories(folder.resolve("training"));

        PreparedCode code = prepare(new CodePlace(folder, "", true), OF_A_REPOSITORY);

        assertThat(code.scriptFolder()).isEqualTo(folder.resolve("training"));
        assertThat(code.entryPoint()).isEqualTo("train.py --epochs 3");
        assertThat(code.isRepository()).isFalse();
        assertThat(console).containsExactly("the code in '" + folder + "' is used");
    }

    @Test
    void anotherFolderAndFileMayBeStarted() throws Exception {
        Files.createDirectories(folder.resolve("tools"));

        PreparedCode code = prepare(new CodePlace(folder, "tools:check.py", false), OF_A_REPOSITORY);

        assertThat(code.scriptFolder()).isEqualTo(folder.resolve("tools"));
        assertThat(code.entryPoint()).isEqualTo("check.py");
        assertThat(prepare(new CodePlace(folder, "check.py", false), OF_A_REPOSITORY)
                        .scriptFolder())
                .isEqualTo(folder);
    }

    @Test
    void aRepositoryIsNotFetchedInStandAloneMode() {
        assertThatThrownBy(() -> prepare(new CodePlace(null, "", true), OF_A_REPOSITORY))
                .isInstanceOf(AgentException.class)
                .hasMessageContaining("https://git.example.com/project.git")
                .hasMessageContaining("agent.force_code_dir");
    }

    @Test
    void aScriptThatTheTaskCarriesNeedsNoNetwork() throws Exception {
        PreparedCode code = prepare(new CodePlace(null, "", true), script("", ".", "task.py", "print(1)"));

        assertThat(code.scriptFolder().resolve("task.py")).hasContent("print(1)");
    }

    @Test
    void aFolderThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> prepare(new CodePlace(folder, "", false), OF_A_REPOSITORY))
                .isInstanceOf(AgentException.class)
                .hasMessageContaining("'training' is not in '" + folder + "'");
    }

    private PreparedCode prepare(CodePlace place, Script script) throws IOException, InterruptedException {
        return place.prepare(checkouts, script, Files.createDirectories(folder.resolve("sources")), console::add);
    }

    private static Script script(String repository, String folder, String entryPoint, String diff) {
        return new Script("python3", repository, "", "", "", folder, entryPoint, diff, Requirements.NONE);
    }
}
