// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.vcs.Checkout;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Diffs as the SDK and its users make them. */
@Tag("thorough")
class TaskDiffsIT {

    private static final String REQUIREMENTS_OF_THE_SDK = """
            diff --git a/requirements.txt b/requirements.txt
            --- a/requirements.txt
            +++ b/requirements.txt
            @@ -0,0 +1,1 @@
            +clearml
            """;
    private static final String INIT_OF_THE_SDK = """
            diff --git a/jobs/train.py b/jobs/train.py
            --- a/jobs/train.py
            +++ b/jobs/train.py
            @@ -0,0 +1,4 @@
            +try: from allegroai import Task
            +except ImportError: from clearml import Task
            +(__name__ != "__main__") or Task.init()
            +
            """;
    private static final int GENERATED = 200;

    @TempDir
    private Path folder;

    private final List<String> console = new ArrayList<>();
    private GitVersionControl versionControl;
    private Git tree;
    private int diffs;

    @BeforeEach
    void start() throws Exception {
        Git.require();
        versionControl = new GitVersionControl(GitContext.in(folder.resolve("own")));
        tree = Git.init(folder.resolve("tree"));
        tree.write("jobs/train.py", "print(1)\n")
                .write("src/foo.py", "a = 1\nb = 2\n")
                .write("foo.py", "a = 1\nb = 2\n");
        tree.commit();
    }

    @Test
    void requirementsThatTheOfficialClientAddsToARepositoryWithoutThemAreMade() throws Exception {
        apply(REQUIREMENTS_OF_THE_SDK + INIT_OF_THE_SDK);

        assertThat(text("requirements.txt")).isEqualTo("clearml\n");
        assertThat(text("jobs/train.py")).startsWith("try: from allegroai").endsWith("\nprint(1)\n");
        assertThat(console).anyMatch(line -> line.contains("'requirements.txt'") && line.contains("is made"));
    }

    @Test
    void whatTheOfficialClientAddsBehindUncommittedChangesOfTheSameFileIsApplied() throws Exception {
        tree.write("jobs/train.py", "print(1)\nprint(2)\n");
        String changes = tree.run("diff", "--submodule=diff", "HEAD");
        tree.run("reset", "--quiet", "--hard");

        apply(changes + INIT_OF_THE_SDK + REQUIREMENTS_OF_THE_SDK + REQUIREMENTS_OF_THE_SDK);

        assertThat(text("jobs/train.py")).startsWith("try: from").endsWith("\nprint(1)\nprint(2)\n");
        assertThat(text("requirements.txt")).isEqualTo("clearml\nclearml\n");
    }

    @Test
    void changeOfLinesInAnAbsentFileIsNoAddition() {
        assertThatThrownBy(() -> apply(REQUIREMENTS_OF_THE_SDK.replace("@@ -0,0 +1,1 @@", "@@ -1 +1,2 @@\n numpy")))
                .hasMessageContaining("'requirements.txt', which this commit does not have");
    }

    @Test
    void diffWithoutPrefixChangesItsOwnFileNotTheEqualOneAtTheRoot() throws Exception {
        tree.write("src/foo.py", "a = 1\nb = 3\n").write("new dir/ü \"x\".py", "new\n");
        tree.run("rm", "--quiet", "jobs/train.py");
        tree.run("add", "--intent-to-add", ".");
        String changes = tree.run("-c", "diff.noprefix=true", "diff", "HEAD");
        assertThat(changes).contains("diff --git src/foo.py src/foo.py");
        tree.run("reset", "--quiet", "--hard");
        tree.run("clean", "--quiet", "-fd");

        apply(changes);

        assertThat(text("foo.py")).isEqualTo("a = 1\nb = 2\n");
        assertThat(text("src/foo.py")).isEqualTo("a = 1\nb = 3\n");
        assertThat(text("new dir/ü \"x\".py")).isEqualTo("new\n");
        assertThat(tree.folder().resolve("jobs/train.py")).doesNotExist();
    }

    @Test
    void renameWithoutPrefixIsARename() throws Exception {
        tree.run("mv", "src/foo.py", "src/bar.py");
        String changes = tree.run("-c", "diff.noprefix=true", "diff", "-M", "HEAD");
        assertThat(changes).contains("rename from src/foo.py");
        tree.run("reset", "--quiet", "--hard");

        apply(changes);

        assertThat(text("src/bar.py")).isEqualTo("a = 1\nb = 2\n");
        assertThat(tree.folder().resolve("src/foo.py")).doesNotExist();
        assertThat(text("foo.py")).isEqualTo("a = 1\nb = 2\n");
    }

    @Test
    void plainDiffOfEqualNamesChangesThatFile() throws Exception {
        apply("--- src/foo.py\t2026-01-01\n+++ src/foo.py\t2026-01-02\n@@ -1,2 +1,2 @@\n a = 1\n-b = 2\n+b = 3\n");

        assertThat(text("src/foo.py")).isEqualTo("a = 1\nb = 3\n");
        assertThat(text("foo.py")).isEqualTo("a = 1\nb = 2\n");
    }

    @Test
    void colouredDiffIsApplied() throws Exception {
        tree.write("src/foo.py", "a = 1  \nb = 3\n");
        String changes = tree.run("diff", "--color=always", "HEAD");
        assertThat(changes).startsWith("\u001b[");
        tree.run("reset", "--quiet", "--hard");

        apply(changes);

        assertThat(text("src/foo.py")).isEqualTo("a = 1  \nb = 3\n");
        assertThat(console).anyMatch(line -> line.contains("colours of a terminal"));
    }

    @Test
    void escapesOfATerminalInFilesAreKept() throws Exception {
        tree.write("src/foo.py", "red = '\u001b[31m'\n");
        String changes = tree.run("diff", "HEAD");
        tree.run("reset", "--quiet", "--hard");

        apply(changes);

        assertThat(text("src/foo.py")).isEqualTo("red = '\u001b[31m'\n");
    }

    @Test
    void hunkThatDoesNotFitIsShownWithFileLineAndContext() {
        assertThatThrownBy(() -> apply("""
                        diff --git a/src/foo.py b/src/foo.py
                        --- a/src/foo.py
                        +++ b/src/foo.py
                        @@ -1,2 +1,2 @@
                         a = 7
                        -b = 2
                        +b = 3
                        """))
                .isInstanceOf(AgentException.class)
                .hasMessageContaining("the hunk at line 1 of 'src/foo.py'");

        assertThat(console)
                .containsSequence(
                        "the hunk at line 1 of 'src/foo.py' looks for",
                        "    | a = 7",
                        "    | b = 2",
                        "and the file has from line 1 on",
                        "    | a = 1",
                        "    | b = 2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Submodule lib contains untracked content\n",
                "\nSubmodule lib contains modified content\nSubmodule lib contains untracked content\n"
            })
    void wordsAboutNewFilesInSubmodulesAreNoChange(String words) throws Exception {
        apply(words);

        assertThat(console).anyMatch(line -> line.contains("new files in submodules"));
        assertThat(tree.run("status", "--porcelain")).isEmpty();
    }

    @Test
    void hunkOfAHundredThousandLinesIsApplied() throws Exception {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 100_000; i++) {
            lines.append("row ").append(i).append('\n');
        }
        tree.write("src/foo.py", lines.toString());
        String changes = tree.run("diff", "HEAD");
        tree.run("reset", "--quiet", "--hard");

        apply(changes);

        assertThat(text("src/foo.py")).isEqualTo(lines.toString());
    }

    @Test
    void generatedDiffsGiveTheTreesThatTheyWereMadeOfAndFailWhereGitFails() throws Exception {
        Random random = new Random(42);
        RandomEdits edits = new RandomEdits(tree, random);
        edits.prepare();
        int failed = 0;
        for (int round = 0; round < GENERATED; round++) {
            byte[] diff = edits.diff();
            String edited = edits.state();
            tree.run("reset", "--quiet", "--hard");
            tree.run("clean", "--quiet", "-fd");
            apply(diff);
            assertThat(edits.state()).as("diff " + round).isEqualTo(edited);
            if (round % 8 == 0) {
                failed += appliesTwiceAsGitDoes(diff) ? 0 : 1;
            }
            tree.run("reset", "--quiet", "--hard");
            tree.run("clean", "--quiet", "-fd");
        }
        assertThat(failed).isPositive();
    }

    /** On the tree that has the changes already: the same result as git's. */
    private boolean appliesTwiceAsGitDoes(byte[] diff) throws Exception {
        Path file = Files.write(folder.resolve("twice"), diff);
        boolean git = tree.succeeds("apply", "--check", "--unidiff-zero", file.toString());
        boolean ours = true;
        try {
            apply(diff);
        } catch (AgentException e) {
            ours = false;
        }
        assertThat(ours).isEqualTo(git);
        return ours;
    }

    private void apply(String diff) throws IOException, InterruptedException {
        apply(diff.getBytes(StandardCharsets.UTF_8));
    }

    private void apply(byte[] diff) throws IOException, InterruptedException {
        Path file = Files.write(folder.resolve("diff" + diffs++), diff);
        versionControl.applyDiff(new Checkout(tree.folder(), "unknown"), file, console::add);
    }

    private String text(String path) throws IOException {
        return Files.readString(tree.folder().resolve(path));
    }
}
