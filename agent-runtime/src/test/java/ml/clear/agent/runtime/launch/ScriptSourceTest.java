// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import ml.clear.agent.api.file.SharedCache;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.api.task.Script;
import ml.clear.agent.api.vcs.Checkout;
import ml.clear.agent.api.vcs.CheckoutRequest;
import ml.clear.agent.api.vcs.CredentialChain;
import ml.clear.agent.api.vcs.LocalCode;
import ml.clear.agent.api.vcs.RepositoryAddress;
import ml.clear.agent.api.vcs.Snapshot;
import ml.clear.agent.api.vcs.SnapshotRequest;
import ml.clear.agent.api.vcs.VersionControl;
import ml.clear.agent.api.vcs.WorkingCopy;
import ml.clear.agent.runtime.checkout.Checkouts;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScriptSourceTest {

    private final FakeSystem system = new FakeSystem();
    private final List<String> said = new ArrayList<>();

    @TempDir
    private Path folder;

    private Path project;
    private Path script;

    @BeforeEach
    void makeProject() throws IOException {
        project = Files.createDirectories(folder.resolve("project")).toRealPath();
        script = Files.writeString(project.resolve("train.py"), "import model\n");
        Files.writeString(project.resolve("model.py"), "layers = 3\n");
    }

    @Test
    void changesOfAWorkingCopyGoAlongWithFilesThatAreNotTracked() throws Exception {
        system.copy = Optional.of(new WorkingCopy(project, "https://host/a.git", "main", "4515dea8"));
        system.untracked = List.of(Path.of("train.py"), Path.of("model.py"));

        ScriptSource.Described described = describe(project);

        assertThat(described.onlyHere()).isFalse();
        assertThat(described.script().repository()).isEqualTo("https://host/a.git");
        assertThat(described.script().commit()).isEqualTo("4515dea8");
        assertThat(described.script().diff()).isEqualTo("diff adding train.py, model.py\n");
        assertThat(said).containsExactly("code: sent along, though not tracked: train.py, model.py");
    }

    @Test
    void changesThatAreMoreThanATaskCanCarryAreKeptOnThisMachine() throws Exception {
        system.copy = Optional.of(new WorkingCopy(project, "https://host/a.git", "main", "4515dea8"));
        system.more = "x".repeat(5_000_000);
        system.snapshot = Optional.of(new Snapshot(
                new WorkingCopy(project, "/store/project.git", "snapshot", "4515dea89"), 2, List.of(), List.of()));

        ScriptSource.Described described = describe(project);

        assertThat(described.onlyHere()).isTrue();
        assertThat(described.script().repository()).isEqualTo("/store/project.git");
        assertThat(described.script().diff()).isEmpty();
        assertThat(said).anyMatch(line -> line.contains("take 5 MB, more than a task can carry"));
    }

    @Test
    void largeFilesThatAreNotTrackedAreNamedAndLeft() throws Exception {
        Files.write(project.resolve("data.bin"), new byte[(int) UserCode.ADDITIONS_LIMIT]);
        system.copy = Optional.of(new WorkingCopy(project, "https://host/a.git", "main", "4515dea8"));
        system.untracked = List.of(Path.of("data.bin"), Path.of("model.py"));

        assertThat(describe(project).script().diff()).isEqualTo("diff adding model.py\n");
        assertThat(said.getFirst()).contains("not tracked and too large: data.bin");
    }

    @Test
    void aFolderWithoutRepositoryIsKeptOnThisMachine() throws Exception {
        system.snapshot = Optional.of(new Snapshot(
                new WorkingCopy(project, "/store/project.git", "snapshot", "4515dea89"),
                2,
                List.of(Path.of("data.bin")),
                List.of(Path.of("venv"))));

        ScriptSource.Described described = describe(project);

        assertThat(described.onlyHere()).isTrue();
        assertThat(described.script().repository()).isEqualTo("/store/project.git");
        assertThat(described.script().entryPoint()).isEqualTo("train.py");
        assertThat(said)
                .anyMatch(
                        line -> line.contains("2 files of '" + project + "', kept on this machine as commit 4515dea8"))
                .anyMatch(line -> line.contains("agent.run.size_limit: data.bin"))
                .anyMatch(line -> line.contains("since ignored: venv"));
    }

    @Test
    void aWorkingCopyWithoutOriginIsKeptFromItsRoot() throws Exception {
        Path source = Files.createDirectories(project.resolve("src"));
        script = Files.writeString(source.resolve("train.py"), "print()\n");
        system.copy = Optional.of(new WorkingCopy(project, "", "main", "4515dea8"));
        system.snapshot = Optional.of(new Snapshot(
                new WorkingCopy(project, "/store/project.git", "snapshot", "4515dea89"), 2, List.of(), List.of()));

        Script described = describe(project).script();

        assertThat(system.asked).isEqualTo(project);
        assertThat(described.workingDirectory()).isEqualTo("src");
    }

    @Test
    void theHomeFolderIsNeverTakenAlong() throws Exception {
        system.snapshot = Optional.of(
                new Snapshot(new WorkingCopy(project, "/store/a.git", "b", "4515dea89"), 2, List.of(), List.of()));

        Script described = new ScriptSource(checkouts(), store(project), said::add)
                .describe(request())
                .script();

        assertThat(described.repository()).isEmpty();
        assertThat(described.diff()).isEqualTo("import model\n");
        assertThat(said).anyMatch(line -> line.startsWith("code: the script alone, since '" + project + "'"));
    }

    @Test
    void withoutASystemThatKeepsFilesTheScriptGoesAloneAndThisIsSaid() throws Exception {
        assertThat(describe(project).script().diff()).isEqualTo("import model\n");
        assertThat(said).anyMatch(line -> line.contains("the script alone") && line.contains("install git"));
    }

    private ScriptSource.Described describe(Path root) throws InterruptedException {
        return new ScriptSource(checkouts(), store(root.resolveSibling("elsewhere")), said::add).describe(request());
    }

    private ScriptRequest request() {
        return new ScriptRequest(script, List.of(), null, "python3", false);
    }

    private Checkouts checkouts() {
        return new Checkouts(List.of(system), CredentialChain.empty(), Map.of());
    }

    private CodeStore store(Path shared) {
        return new CodeStore(
                new SharedCache(folder.resolve("store"), SharedCache.Limits.NONE, InstantSource.system()),
                1000,
                Set.of(shared));
    }

    private static final class FakeSystem implements VersionControl, LocalCode {

        private Optional<WorkingCopy> copy = Optional.empty();
        private Optional<Snapshot> snapshot = Optional.empty();
        private List<Path> untracked = List.of();
        private Path asked = Path.of("");
        private String more = "";

        @Override
        public Claim claim(RepositoryAddress repository) {
            return Claim.POSSIBLE;
        }

        @Override
        public Checkout checkOut(CheckoutRequest request) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void applyDiff(Checkout checkout, Path diff, Console console) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<LocalCode> localCode() {
            return Optional.of(this);
        }

        @Override
        public Optional<WorkingCopy> describe(Path place) {
            return copy;
        }

        @Override
        public List<Path> untracked(WorkingCopy described, Path own) {
            return untracked;
        }

        @Override
        public void writeDiff(WorkingCopy described, List<Path> added, Path diff) {
            try {
                Files.writeString(
                        diff,
                        added.stream()
                                .map(Path::toString)
                                .collect(Collectors.joining(", ", "diff adding ", more + "\n")));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public Optional<Snapshot> snapshot(SnapshotRequest request) {
            asked = request.folder();
            return snapshot;
        }
    }
}
