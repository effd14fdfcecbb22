// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.vcs.Checkout;
import ml.clear.agent.api.vcs.CheckoutRequest;
import ml.clear.agent.api.vcs.CredentialChain;
import ml.clear.agent.api.vcs.LocalCode;
import ml.clear.agent.api.vcs.RepositoryAddress;
import ml.clear.agent.api.vcs.Revision;
import ml.clear.agent.api.vcs.VersionControl;
import ml.clear.agent.api.vcs.VersionControl.Claim;
import ml.clear.agent.api.vcs.WorkingCopy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every {@link VersionControl} with {@link LocalCode} must do. Extend it, make repositories, and run it. */
public abstract class VersionControlContract {

    private final List<String> told = Collections.synchronizedList(new ArrayList<>());

    @TempDir
    private Path folder;

    /** For subclasses. */
    protected VersionControlContract() {}

    /** The instance under test; the same one on every call within a test. */
    protected abstract VersionControl versionControl();

    /** Make an empty repository in a folder that does not exist yet; returns its address. */
    protected abstract String newRepository(Path place) throws Exception;

    /** Commit the given files to the main branch of a repository; returns the identity of the commit. */
    protected abstract String commit(String repository, Map<String, String> files) throws Exception;

    /** Create a branch at the newest commit of the main branch. */
    protected abstract void branch(String repository, String name) throws Exception;

    /** Create a tag at the newest commit of the main branch. */
    protected abstract void tag(String repository, String name) throws Exception;

    /** The name of the system as in {@code hg+https://…}, in lower case. */
    protected abstract String system();

    /** A patch in the system's own format that turns the only line of a file into another. */
    protected abstract String patch(String path, String oldLine, String newLine);

    @Test
    final void claimsAddressesThatNameItAndNoneThatNameAnother() {
        String elsewhere = "+https://host.invalid/team/model";

        assertThat(claim(system() + elsewhere)).isEqualTo(Claim.OWN);
        assertThat(claim("other" + elsewhere)).isEqualTo(Claim.NONE);
        assertThat(claim("other://host.invalid/team/model")).isEqualTo(Claim.NONE);
        assertThat(claim("https://host.invalid/team/model")).isNotEqualTo(Claim.NONE);
    }

    @Test
    final void probeFindsRepositoriesAndNothingElse() throws Exception {
        String repository = newRepository(folder.resolve("origin"));
        commit(repository, Map.of("train.py", "one\n"));
        String plain = Files.createDirectory(folder.resolve("plain")).toString();

        assertThat(probe(repository)).isTrue();
        assertThat(probe(plain)).isFalse();
        assertThat(probe(folder.resolve("absent").toString())).isFalse();
    }

    private LocalCode localCode() {
        return versionControl().localCode().orElseThrow();
    }

    private Claim claim(String address) {
        return versionControl().claim(RepositoryAddress.parse(address));
    }

    private boolean probe(String address) throws InterruptedException {
        return versionControl().probe(RepositoryAddress.parse(address), CredentialChain.empty());
    }

    @Test
    final void checksOutTheNamedCommitNotTheNewest() throws Exception {
        String repository = newRepository(folder.resolve("origin"));
        String first = commit(repository, Map.of("train.py", "one\n"));
        commit(repository, Map.of("train.py", "two\n"));

        Checkout checkout = checkOut(repository, new Revision(first, "", ""));

        assertThat(checkout.commit()).isEqualTo(first);
        assertThat(checkout.root().resolve("train.py")).hasContent("one\n");
    }

    @Test
    final void commitWinsOverTagAndTagOverBranch() throws Exception {
        String repository = newRepository(folder.resolve("origin"));
        String first = commit(repository, Map.of("train.py", "one\n"));
        tag(repository, "v1");
        String second = commit(repository, Map.of("train.py", "two\n"));
        branch(repository, "work");

        assertThat(checkOut(repository, new Revision(second, "v1", "work")).commit())
                .isEqualTo(second);
        assertThat(checkOut(repository, new Revision("", "v1", "work")).commit())
                .isEqualTo(first);
        assertThat(checkOut(repository, new Revision("", "", "work")).commit()).isEqualTo(second);
    }

    @Test
    final void withoutRevisionTheMainBranchIsUsedAndItsNewCommitsAreSeen() throws Exception {
        String repository = newRepository(folder.resolve("origin"));
        commit(repository, Map.of("train.py", "one\n"));
        checkOut(repository, new Revision("", "", ""));
        String second = commit(repository, Map.of("train.py", "two\n"));

        assertThat(checkOut(repository, new Revision("", "", "")).commit()).isEqualTo(second);
    }

    @Test
    final void unknownRevisionsFailWithTheirNameAndLeaveNothing() throws Exception {
        String repository = newRepository(folder.resolve("origin"));
        commit(repository, Map.of("train.py", "one\n"));
        String unknown = "0123456789abcdef0123456789abcdef01234567";
        Path target = folder.resolve("never");

        for (Revision revision : List.of(
                new Revision(unknown, "", ""), new Revision("", "v9", ""), new Revision("", "", "no-such-branch"))) {
            String name = revision.commit() + revision.tag() + revision.branch();
            assertThatThrownBy(() -> versionControl().checkOut(request(repository, revision, target)))
                    .isInstanceOfSatisfying(
                            AgentException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CHECKOUT_FAILED))
                    .hasMessageContaining(name)
                    .hasMessageContaining(repository);
            assertThat(target).doesNotExist();
        }
    }

    @Test
    final void absentRepositoryFailsAndLeavesNothing() {
        String repository = folder.resolve("absent").toString();
        Path target = folder.resolve("never");

        assertThatThrownBy(() -> versionControl().checkOut(request(repository, new Revision("", "", ""), target)))
                .isInstanceOfSatisfying(
                        AgentException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CHECKOUT_FAILED))
                .hasMessageContaining(repository);
        assertThat(target).doesNotExist();
    }

    @Test
    final void diffIsAppliedOrTheCopyStaysAsItWas() throws Exception {
        String repository = newRepository(folder.resolve("origin"));
        commit(repository, Map.of("train.py", "one\n", "other.py", "same\n"));
        Checkout checkout = checkOut(repository, new Revision("", "", ""));

        apply(checkout, patch("train.py", "one", "two"));
        assertThat(checkout.root().resolve("train.py")).hasContent("two\n");

        String misfit = patch("train.py", "two", "three") + patch("other.py", "different", "x");
        assertThatThrownBy(() -> apply(checkout, misfit))
                .isInstanceOfSatisfying(
                        AgentException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DIFF_NOT_APPLICABLE))
                .hasMessageContaining("other.py");
        assertThat(checkout.root().resolve("train.py")).hasContent("two\n");
    }

    @Test
    final void describedChangesCanBeAppliedToAnotherCopy() throws Exception {
        String repository = newRepository(folder.resolve("origin"));
        String commit = commit(repository, Map.of("src/train.py", "one\n", "keep.txt", "kept\n"));
        Checkout edited = checkOut(repository, new Revision("", "", ""));
        Files.writeString(edited.root().resolve("src/train.py"), "two\nthree\n");

        WorkingCopy copy = localCode().describe(edited.root().resolve("src")).orElseThrow();

        assertThat(copy.root().toRealPath()).isEqualTo(edited.root().toRealPath());
        assertThat(copy.commit()).isEqualTo(commit);
        Checkout fresh = checkOut(repository, new Revision(copy.commit(), "", ""));
        versionControl().applyDiff(fresh, diffOf(copy), told::add);
        assertThat(fresh.root().resolve("src/train.py")).hasContent("two\nthree\n");
        assertThat(fresh.root().resolve("keep.txt")).hasContent("kept\n");
    }

    @Test
    final void filesThatAreNotTrackedTravelWhenTheyAreNamed() throws Exception {
        String repository = newRepository(folder.resolve("origin"));
        commit(repository, Map.of("train.py", "one\n"));
        Checkout edited = checkOut(repository, new Revision("", "", ""));
        Files.writeString(edited.root().resolve("train.py"), "two\n");
        Files.createDirectories(edited.root().resolve("deep"));
        Files.writeString(edited.root().resolve("deep/new module.py"), "new\n");
        Files.writeString(edited.root().resolve("open.py"), "no end of line");
        Files.writeString(edited.root().resolve("other.py"), "stays\n");
        WorkingCopy copy = localCode().describe(edited.root()).orElseThrow();

        List<Path> untracked = localCode().untracked(copy, Path.of("train.py"));
        Path diff = diffOf(copy, List.of(Path.of("deep/new module.py"), Path.of("open.py")));

        assertThat(untracked)
                .containsExactlyInAnyOrder(Path.of("deep/new module.py"), Path.of("open.py"), Path.of("other.py"));
        assertThat(localCode().untracked(copy, Path.of("other.py")))
                .as("nothing is tracked by asking")
                .isEqualTo(untracked);
        Checkout fresh = checkOut(repository, new Revision("", "", ""));
        versionControl().applyDiff(fresh, diff, told::add);
        assertThat(fresh.root().resolve("train.py")).hasContent("two\n");
        assertThat(fresh.root().resolve("deep/new module.py")).hasContent("new\n");
        assertThat(fresh.root().resolve("open.py")).hasContent("no end of line");
        assertThat(fresh.root().resolve("other.py")).doesNotExist();
    }

    @Test
    final void branchThatNamesATagIsTheTag() throws Exception {
        String repository = newRepository(folder.resolve("origin"));
        String first = commit(repository, Map.of("train.py", "one\n"));
        tag(repository, "v1");
        commit(repository, Map.of("train.py", "two\n"));

        assertThat(checkOut(repository, new Revision("", "", "v1")).commit()).isEqualTo(first);
    }

    @Test
    final void largeFilesTravelWhole() throws Exception {
        String repository = newRepository(folder.resolve("origin"));
        commit(repository, Map.of("train.py", "one\n"));
        Checkout edited = checkOut(repository, new Revision("", "", ""));
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 200_000; i++) {
            lines.append("line ").append(i).append('\n');
        }
        Files.writeString(edited.root().resolve("train.py"), lines);
        Path diff = diffOf(localCode().describe(edited.root()).orElseThrow());

        Checkout fresh = checkOut(repository, new Revision("", "", ""));
        versionControl().applyDiff(fresh, diff, told::add);

        assertThat(fresh.root().resolve("train.py")).hasContent(lines.toString());
    }

    @Test
    final void cleanCopyHasNoDiffAndAnyOtherFolderIsNoCopy() throws Exception {
        String repository = newRepository(folder.resolve("origin"));
        commit(repository, Map.of("train.py", "one\n"));
        Checkout checkout = checkOut(repository, new Revision("", "", ""));

        assertThat(diffOf(localCode().describe(checkout.root()).orElseThrow())).isEmptyFile();
        assertThat(localCode().describe(Files.createDirectory(folder.resolve("plain"))))
                .isEmpty();
    }

    @Test
    final void interruptedCheckoutLeavesNothing() throws Exception {
        String repository = newRepository(folder.resolve("origin"));
        commit(repository, Map.of("train.py", "one\n"));
        Path target = folder.resolve("never");

        Thread.currentThread().interrupt();
        try {
            versionControl().checkOut(request(repository, new Revision("", "", ""), target));
            // it may finish before it detects the interrupt; then the interrupt status must still be set
            assertThat(Thread.interrupted()).isTrue();
        } catch (InterruptedException e) {
            assertThat(target).doesNotExist();
        }
    }

    /** Check out into a new folder. */
    protected final Checkout checkOut(String repository, Revision revision) throws InterruptedException, IOException {
        Path target = Files.createTempDirectory(folder, "copy").resolve("copy");
        return versionControl().checkOut(request(repository, revision, target));
    }

    /** Apply a patch. */
    protected final void apply(Checkout checkout, String patch) throws InterruptedException, IOException {
        Path file = Files.writeString(Files.createTempFile(folder, "patch", ".diff"), patch);
        versionControl().applyDiff(checkout, file, told::add);
    }

    /** The changes of a working copy, in a new file. */
    protected final Path diffOf(WorkingCopy copy) throws InterruptedException, IOException {
        return diffOf(copy, List.of());
    }

    private Path diffOf(WorkingCopy copy, List<Path> added) throws InterruptedException, IOException {
        Path file = Files.createTempDirectory(folder, "diff").resolve("uncommitted.diff");
        localCode().writeDiff(copy, added, file);
        return file;
    }

    /** What was written to the console so far. */
    protected final List<String> told() {
        return List.copyOf(told);
    }

    private CheckoutRequest request(String repository, Revision revision, Path target) {
        return new CheckoutRequest(
                RepositoryAddress.parse(repository), revision, target, CredentialChain.empty(), told::add);
    }
}
