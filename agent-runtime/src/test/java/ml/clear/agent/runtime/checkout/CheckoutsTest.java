// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.checkout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.api.task.Requirements;
import ml.clear.agent.api.task.Script;
import ml.clear.agent.api.vcs.Checkout;
import ml.clear.agent.api.vcs.CheckoutRequest;
import ml.clear.agent.api.vcs.CredentialChain;
import ml.clear.agent.api.vcs.RepositoryAddress;
import ml.clear.agent.api.vcs.VcsCredential.UserPassword;
import ml.clear.agent.api.vcs.VersionControl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CheckoutsTest {

    private static final String LITERAL = "print('hello')\n";

    @TempDir
    private Path folder;

    private final FakeSystem system = new FakeSystem();
    private final List<String> told = new ArrayList<>();

    @ParameterizedTest
    @CsvSource({
        "python3, train.py, train.py, train.py",
        "python3, train.py --lr 0.1, train.py, train.py --lr 0.1",
        "python3, my/train.py, train.py, my/train.py",
        "python3, -m package.module, untitled.py, -m package.module",
        "bash, run.sh a b, run.sh, run.sh a b",
        "/usr/bin/zsh, run.bash, run.bash, run.bash"
    })
    void carriedScriptTakesItsNameFromTheEntryPoint(String binary, String entry, String file, String kept)
            throws Exception {
        PreparedCode code = prepare(script(binary, "", "ignored", entry, LITERAL));

        assertThat(code.scriptFolder().resolve(file)).hasContent(LITERAL.strip());
        assertThat(code.entryPoint()).isEqualTo(kept);
        assertThat(code.isRepository()).isFalse();
        assertThat(told).anyMatch(line -> line.contains("'ignored'"));
    }

    @ParameterizedTest
    @CsvSource({"python3, '', untitled.py", "sh, '', untitled.sh", "python3, My notebook, My notebook"})
    void otherEntryPointsAreStartedByTheirFullPath(String binary, String entry, String file) throws Exception {
        PreparedCode code = prepare(script(binary, "", "", entry, LITERAL));

        assertThat(code.entryPoint()).isEqualTo(code.root().resolve(file).toString());
        assertThat(Path.of(code.entryPoint())).exists();
    }

    @Test
    void workingDirectoryMayNameFolderAndFile() throws Exception {
        PreparedCode code = prepare(script("python", "https://host/a/b.git", "src:tool.py", "-m tool", LITERAL));

        assertThat(code.scriptFolder()).isEqualTo(code.root().resolve("src"));
        assertThat(code.scriptFolder().resolve("tool.py")).exists();
        assertThat(code.entryPoint()).isEqualTo("-m tool");
        assertThat(system.diffs).isEmpty();
    }

    @Test
    void scriptThatTheRepositoryHasAlreadyIsUsed() throws Exception {
        PreparedCode code = prepare(script("python", "https://host/a/b.git", "src", "train.py", "from the repository"));

        assertThat(code.scriptFolder().resolve("train.py")).hasContent("from the repository");
    }

    @Test
    void textThatIsNoDiffIsNeverDroppedForTheFileOfTheRepository() {
        assertThatThrownBy(() -> prepare(script("python", "https://host/a/b.git", "src", "train.py", LITERAL)))
                .isInstanceOfSatisfying(
                        AgentException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DIFF_NOT_APPLICABLE))
                .hasMessageContaining("not recognised as a diff")
                .hasMessageContaining("print('hello')")
                .hasMessageContaining("'train.py'");
    }

    @Test
    void noteOfADiffThatTheSdkStoredElsewhereFailsTheTask() {
        String note = """
                # WARNING! git diff too large to store, clear this section to execute without it.
                # full git diff available in Artifacts/auxiliary_git_diff
                """;

        assertThatThrownBy(() -> prepare(script("python", "https://host/a/b.git", "src", "train.py", note)))
                .hasMessageContaining("# WARNING! git diff too large to store");
    }

    @Test
    void userAndPasswordOfTheTasksAddressComeFirstAndForItsHostAlone() throws Exception {
        prepare(script("python", "https://ada:p%40ss@host/a/b.git", "src", "train.py", ""));
        CredentialChain chain = system.requests.getFirst().credentials();

        assertThat(chain.find(RepositoryAddress.parse("https://host/a/other.git")))
                .hasValueSatisfying(found ->
                        assertThat(((UserPassword) found).password().reveal()).isEqualTo("p@ss"));
        assertThat(chain.find(RepositoryAddress.parse("https://elsewhere/a/b.git")))
                .isEmpty();
        assertThat(chain.find(RepositoryAddress.parse("https://host:444/a/b.git")))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u001b[1mdiff --git a/x b/x\u001b[m\n",
                "Submodule lib 1234567..89abcde:\ndiff --git a/lib/x b/lib/x\n",
                "Submodule lib contains untracked content\n",
                "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n",
                "\n\nIndex: x\n"
            })
    void diffsOfEveryProgramAreRecognised(String diff) throws Exception {
        prepare(script("python", "https://host/a/b.git", "src", "train.py", diff));

        assertThat(system.diffs).containsExactly(diff);
    }

    @Test
    void diffIsAppliedToTheCheckout() throws Exception {
        PreparedCode code =
                prepare(script("python", "https://host/a/b.git", "src", "train.py", "diff --git a/x b/x\n"));

        assertThat(system.diffs).containsExactly("diff --git a/x b/x\n");
        assertThat(code.root()).isEqualTo(folder.resolve("task_repository/b.git"));
        assertThat(code.commit()).isEqualTo("abc");
    }

    @Test
    void entryPointMayNameItsFolderBehindAColonAndAnAddressStaysWhole() throws Exception {
        assertThat(prepare(script("python", "https://host/a/b.git", "", "train.py:src", ""))
                        .scriptFolder())
                .endsWith(Path.of("src"));
        assertThat(EntryPoint.of(script("python", "r", "", "-m pkg --url https://h/x/../y", ""), Map.of())
                        .text())
                .isEqualTo("-m pkg --url https://h/x/../y");
    }

    @ParameterizedTest
    @CsvSource({
        "src\\train.py, src/train.py",
        ".\\jobs\\train.py --data C:\\data, ./jobs/train.py --data C:\\data",
        "my\\ script.py, my\\ script.py",
        "-m pkg --pattern a\\d, -m pkg --pattern a\\d"
    })
    void aPathAsWindowsWritesItIsReadAsOneOfThisSystem(String written, String read) {
        EntryPoint entry = EntryPoint.of(script("python", "r", "jobs\\first", written, ""), Map.of());

        assertThat(entry.text()).isEqualTo(read);
        assertThat(entry.folder()).isEqualTo("jobs/first");
    }

    @ParameterizedTest
    @CsvSource({"../outside", "/etc", "link", "link/deeper"})
    void placesOutsideTheRepositoryAreRefused(String place) {
        assertThatThrownBy(() -> prepare(script("python", "https://host/a/b.git", place, "train.py", LITERAL)))
                .isInstanceOfSatisfying(
                        AgentException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TASK_INVALID))
                .hasMessageContaining(place);
    }

    @Test
    void missingWorkingDirectoryIsNamed() {
        assertThatThrownBy(() -> prepare(script("python", "https://host/a/b.git", "absent", "train.py", "")))
                .isInstanceOf(AgentException.class)
                .hasMessageContaining("'absent'");
    }

    @Test
    void addressOfNoInstalledSystemIsRefused() {
        assertThatThrownBy(() -> prepare(script("python", "fossil://host/a", "", "train.py", "")))
                .isInstanceOfSatisfying(
                        AgentException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TASK_INVALID))
                .hasMessageContaining("'fossil'");
    }

    private PreparedCode prepare(Script script) throws InterruptedException {
        return new Checkouts(List.of(system), CredentialChain.empty(), Map.of()).prepare(script, folder, told::add);
    }

    private static Script script(String binary, String repository, String directory, String entry, String diff) {
        return new Script(binary, repository, "", "", "", directory, entry, diff, Requirements.NONE);
    }

    private static final class FakeSystem implements VersionControl {

        private final List<String> diffs = new ArrayList<>();
        private final List<CheckoutRequest> requests = new ArrayList<>();

        @Override
        public Claim claim(RepositoryAddress repository) {
            return repository.scheme().equals("https") ? Claim.POSSIBLE : Claim.NONE;
        }

        @Override
        public Checkout checkOut(CheckoutRequest request) {
            requests.add(request);
            try {
                Files.createDirectories(request.target().resolve("src"));
                Files.writeString(request.target().resolve("src/train.py"), "from the repository");
                Files.createSymbolicLink(request.target().resolve("link"), Path.of("/tmp"));
                return new Checkout(request.target(), "abc");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void applyDiff(Checkout checkout, Path diff, Console console) {
            try {
                diffs.add(Files.readString(diff));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
