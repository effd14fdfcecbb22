// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import ml.clear.agent.api.file.Folders;
import ml.clear.agent.api.file.SharedCache;
import ml.clear.agent.api.vcs.CheckoutRequest;
import ml.clear.agent.api.vcs.CredentialChain;
import ml.clear.agent.api.vcs.RepositoryAddress;
import ml.clear.agent.api.vcs.Revision;
import ml.clear.agent.api.vcs.Snapshot;
import ml.clear.agent.api.vcs.SnapshotRequest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderSnapshotsIT {

    private static final long MUCH = 1_000_000;

    @TempDir
    private Path folder;

    private GitVersionControl git;
    private Path project;
    private Path store;
    private long mostBytes;
    private Instant now = Instant.parse("2026-01-31T12:00:00Z");

    @BeforeEach
    void makeProject() throws IOException {
        git = new GitVersionControl(
                GitContext.in(Files.createDirectory(folder.resolve("own"))).at(() -> now));
        store = Files.createDirectory(folder.resolve("store"));
        project = Files.createDirectory(folder.resolve("my project"));
        write("train.py", "import model\n");
        write("model.py", "layers = 3\n");
        write("sub/naïve.txt", "text\r\nwith both\nends");
    }

    @Test
    void aCheckoutIsEqualByteForByte() throws Exception {
        write(".gitattributes", "* text=auto\n*.txt ident\n");
        Path tool = write("tool", "#!/bin/sh\n");
        Files.setPosixFilePermissions(tool, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.write(project.resolve("data.bin"), new byte[] {0, (byte) 0xff, 13, 10});

        Snapshot snapshot = snapshot(MUCH);
        Path copy = checkOut(snapshot);

        assertThat(files(copy)).isEqualTo(files(project));
        assertThat(Files.isExecutable(copy.resolve("tool"))).isTrue();
        assertThat(snapshot.files()).isEqualTo(6);
        assertThat(project.resolve(".git")).doesNotExist();
    }

    @Test
    void theSameFilesGiveTheSameCommitAndEarlierOnesStay() throws Exception {
        Snapshot first = snapshot(MUCH);
        assertThat(snapshot(MUCH).copy()).isEqualTo(first.copy());

        write("model.py", "layers = 4\n");
        Snapshot second = snapshot(MUCH);

        assertThat(second.copy().commit()).isNotEqualTo(first.copy().commit());
        assertThat(checkOut(second).resolve("model.py")).hasContent("layers = 4\n");
        assertThat(checkOut(first).resolve("model.py")).hasContent("layers = 3\n");
    }

    @Test
    void whatIsIgnoredAndWhatIsMadeByToolsStaysOut() throws Exception {
        write(".gitignore", "secret.txt\nresults/\n");
        write("secret.txt", "x");
        write("results/1.txt", "x");
        write("__pycache__/model.pyc", "x");
        write("env/pyvenv.cfg", "x");
        write("env/bin/python", "x");

        Snapshot snapshot = snapshot(MUCH);

        assertThat(files(checkOut(snapshot)).keySet())
                .containsExactly(".gitignore", "model.py", "sub/naïve.txt", "train.py");
        assertThat(snapshot.ignored())
                .containsExactlyInAnyOrder(Path.of("secret.txt"), Path.of("results"), Path.of("env"));
    }

    @Test
    void largeFilesAreLeftOutFirstAndTheScriptNever() throws Exception {
        write(".gitignore", "train.py\n");
        Files.write(project.resolve("large.bin"), new byte[5000]);
        Files.write(project.resolve("larger.bin"), new byte[6000]);

        Snapshot snapshot = snapshot(5500);

        assertThat(snapshot.tooLarge()).containsExactly(Path.of("larger.bin"));
        assertThat(files(checkOut(snapshot)).keySet()).contains("train.py", "model.py", "large.bin");
    }

    @Test
    void aRepositoryWithoutRemoteIsTakenWithItsTrackedFilesAndTheNewOnes() throws Exception {
        write(".gitignore", "*.log\n");
        write("kept.log", "tracked all the same\n");
        run("git", "init", "--quiet");
        run("git", "add", "--force", "train.py", "kept.log", "sub");
        write("other.log", "x");
        Files.delete(project.resolve("sub/naïve.txt"));
        write("inner/a.txt", "x");
        run("git", "init", "--quiet", "inner");

        Snapshot snapshot = snapshot(MUCH);

        assertThat(files(checkOut(snapshot)).keySet())
                .containsExactly(".gitignore", "kept.log", "model.py", "train.py");
        assertThat(snapshot.ignored()).contains(Path.of("inner"), Path.of("other.log"));
    }

    @Test
    void theStoreIsForItsOwnerOnly() throws Exception {
        Path repository = Path.of(snapshot(MUCH).copy().origin());

        assertThat(repository.getFileName()).hasToString("my project.git");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(repository.getParent())))
                .isEqualTo("rwx------");
    }

    @Test
    void snapshotThatNoTaskUsedForLongIsEvicted() throws Exception {
        Snapshot snapshot = snapshot(MUCH);
        Path repository = Path.of(snapshot.copy().origin());
        now = now.plus(Duration.ofDays(20));
        checkOut(snapshot);
        now = now.plus(Duration.ofDays(20));
        store().evict();
        assertThat(repository).as("was checked out 20 days ago").exists();

        now = now.plus(Duration.ofDays(20));
        store().evict();

        assertThat(repository).doesNotExist();
        assertThatThrownBy(() -> git.checkOut(new CheckoutRequest(
                        RepositoryAddress.parse(repository.toString()),
                        new Revision("", "", "never-seen"),
                        folder.resolve("copy"),
                        CredentialChain.empty(),
                        line -> {})))
                .hasMessageContaining("agent.run.code_max_age_days");
    }

    @Test
    void snapshotsOfAFolderInDailyUseAreEvictedAfterTheirOwnLastUse() throws Exception {
        Snapshot unused = snapshot(MUCH);
        write("model.py", "layers = 4\n");
        Snapshot checkedOut = snapshot(MUCH);
        now = now.plus(Duration.ofDays(20));
        checkOut(checkedOut);
        now = now.plus(Duration.ofDays(20));
        write("model.py", "layers = 5\n");
        Snapshot latest = snapshot(MUCH);

        assertThat(checkOut(checkedOut).resolve("model.py")).hasContent("layers = 4\n");
        assertThat(checkOut(latest).resolve("model.py")).hasContent("layers = 5\n");
        assertThatThrownBy(() -> checkOut(unused)).hasMessageContaining("agent.run.code_max_age_days");
    }

    @Test
    void oldestSnapshotsOfAFolderInDailyUseAreEvictedBeyondTheSize() throws Exception {
        mostBytes = 400_000;
        List<Snapshot> snapshots = new ArrayList<>();
        Random random = new Random(1);
        for (int day = 0; day < 8; day++) {
            byte[] noise = new byte[100_000];
            random.nextBytes(noise);
            Files.write(project.resolve("weights.bin"), noise);
            snapshots.add(snapshot(MUCH));
            now = now.plus(Duration.ofHours(25));
        }

        assertThat(Folders.size(store)).isLessThan(600_000);
        assertThat(checkOut(snapshots.getLast())).isNotEmptyDirectory();
        assertThatThrownBy(() -> checkOut(snapshots.getFirst())).hasMessageContaining("agent.run.code_max_size");
    }

    @Test
    void checkoutTakesTheFilesFromTheStoreItself() throws Exception {
        checkOut(snapshot(MUCH));

        assertThat(folder.resolve("own/vcs-cache")).doesNotExist();
    }

    private SharedCache store() {
        return new SharedCache(store, new SharedCache.Limits(Duration.ofDays(30), mostBytes), () -> now);
    }

    private Snapshot snapshot(long limit) throws InterruptedException {
        return git.localCode()
                .orElseThrow()
                .snapshot(new SnapshotRequest(project, project.resolve("train.py"), store(), limit))
                .orElseThrow();
    }

    private Path checkOut(Snapshot snapshot) throws Exception {
        Path target = Files.createTempDirectory(folder, "copy").resolve("copy");
        RepositoryAddress address = RepositoryAddress.parse(snapshot.copy().origin());
        Revision revision = new Revision(snapshot.copy().commit(), "", "");
        return git.checkOut(new CheckoutRequest(address, revision, target, CredentialChain.empty(), line -> {}))
                .root();
    }

    private Path write(String name, String text) throws IOException {
        Path file = project.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private void run(String... command) throws Exception {
        Process process = new ProcessBuilder(List.of(command))
                .directory(project.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }

    private static Map<String, String> files(Path root) throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(root)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                String name = root.relativize(file).toString();
                if (!name.startsWith(".git/")) {
                    files.put(name, new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
                }
            }
        }
        return files;
    }
}
