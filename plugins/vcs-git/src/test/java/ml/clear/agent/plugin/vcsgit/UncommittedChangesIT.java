// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.vcs.Checkout;
import ml.clear.agent.api.vcs.CheckoutRequest;
import ml.clear.agent.api.vcs.CredentialChain;
import ml.clear.agent.api.vcs.RepositoryAddress;
import ml.clear.agent.api.vcs.Revision;
import ml.clear.agent.api.vcs.WorkingCopy;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("thorough")
class UncommittedChangesIT {

    @TempDir
    private Path folder;

    private GitVersionControl versionControl;
    private Git origin;
    private final List<String> console = new ArrayList<>();
    private int copies;
    private int files;

    @BeforeEach
    void start() throws Exception {
        Git.require();
        versionControl = new GitVersionControl(GitContext.in(folder.resolve("own")));
        origin = Git.init(folder.resolve("origin"));
        for (int i = 0; i < 8; i++) {
            origin.write("dir" + i % 3 + "/file " + i + ".txt", lines(i, 40));
        }
        Files.write(origin.folder().resolve("data.bin"), new byte[] {0, 1, 2, 3, (byte) 200});
        Files.write(origin.folder().resolve("latin.txt"), "caf\u00e9\nb\n".getBytes(StandardCharsets.ISO_8859_1));
        origin.write("crlf.txt", "one\r\ntwo\r\nthree\r\n")
                .write("noend.txt", "no newline")
                .write("ünï.txt", "x\n");
        Files.createSymbolicLink(origin.folder().resolve("link"), Path.of("noend.txt"));
        origin.commit();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void anyEditsCanBeDescribedAndAppliedElsewhere(long seed) throws Exception {
        Checkout edited = checkOut();
        edit(edited.root(), new Random(seed));
        Git git = new Git(edited.root());
        Map<String, String> expected = tracked(git);

        String diff = diff(edited.root());
        String gits = git.run("diff", "--binary", "--no-renames", "HEAD");

        Checkout ours = checkOut();
        apply(ours, diff);
        assertThat(snapshot(ours.root())).as("our diff, our apply").isEqualTo(expected);
        Checkout byGit = checkOut();
        Path patch = Files.writeString(folder.resolve("patch" + seed), diff);
        new Git(byGit.root()).run("apply", "--unidiff-zero", "--whitespace=nowarn", patch.toString());
        assertThat(snapshot(byGit.root())).as("our diff, git's apply").isEqualTo(expected);
        if (!gits.contains("\ufffd")) {
            Checkout gitsDiff = checkOut();
            apply(gitsDiff, gits);
            assertThat(snapshot(gitsDiff.root())).as("git's diff, our apply").isEqualTo(expected);
        }
    }

    @Test
    void renamesCopiesModesAndZeroContextOfGitAreApplied() throws Exception {
        Checkout edited = checkOut();
        Git git = new Git(edited.root());
        git.run("mv", "dir0/file 0.txt", "moved.txt");
        Files.writeString(edited.root().resolve("moved.txt"), lines(0, 40).replace("line 7 ", "changed "));
        Files.setPosixFilePermissions(edited.root().resolve("noend.txt"), PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(edited.root().resolve("dir1/file 1.txt"), "first\n" + lines(1, 40) + "last\n");
        git.run("add", "--all");
        String diff = git.run("diff", "--binary", "-M", "-U0", "HEAD");
        assertThat(diff).contains("rename from", "new mode 100755");

        Checkout fresh = checkOut();
        apply(fresh, diff);

        assertThat(snapshot(fresh.root())).isEqualTo(tracked(git));
    }

    @Test
    void returnsLostOnTheWayDoNotMatter() throws Exception {
        Checkout checkout = checkOut();

        apply(checkout, """
                diff --git a/crlf.txt b/crlf.txt
                --- a/crlf.txt
                +++ b/crlf.txt
                @@ -1,3 +1,3 @@
                 one
                -two
                +2
                 three""");

        assertThat(Files.readString(checkout.root().resolve("crlf.txt"))).isEqualTo("one\r\n2\r\nthree\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "diff --git a/../x b/../x\nnew file mode 100644\n--- /dev/null\n+++ b/../x\n@@ -0,0 +1 @@\n+a\n",
                "diff --git a/.git/x b/.git/x\nnew file mode 100644\n--- /dev/null\n+++ b/.git/x\n@@ -0,0 +1 @@\n+a\n",
                "diff --git a/absent b/absent\n--- a/absent\n+++ b/absent\n@@ -1 +1 @@\n-a\n+b\n",
                "diff --git a/ünï.txt b/ünï.txt\n--- a/ünï.txt\n+++ b/ünï.txt\n@@ -1,2 +1,2 @@\n-x\n",
                "diff --git a/data.bin b/data.bin\nindex 1..2 100644\nBinary files a/data.bin and b/data.bin differ\n",
                "diff --git a/s b/s\nnew file mode 120000\n--- /dev/null\n+++ b/s\n@@ -0,0 +1 @@\n+/tmp\n\\ No newline at end of file\ndiff --git a/s/x b/s/x\nnew file mode 100644\n--- /dev/null\n+++ b/s/x\n@@ -0,0 +1 @@\n+a\n",
                "diff nothing\n"
            })
    void badPatchesAreRefusedAndChangeNothing(String diff) throws Exception {
        Checkout checkout = checkOut();
        Map<String, String> before = snapshot(checkout.root());

        assertThatThrownBy(() -> apply(checkout, diff))
                .isInstanceOf(AgentException.class)
                .hasMessageContaining("cannot be applied");

        assertThat(snapshot(checkout.root())).isEqualTo(before);
        assertThat(checkout.root().resolve(".git"))
                .isDirectoryNotContaining(path -> path.getFileName().toString().startsWith("uncommitted-"));
    }

    @Test
    void originIsToldWithoutPasswordAndUntrackedFilesAreLeftOut() throws Exception {
        Checkout checkout = checkOut();
        Git git = new Git(checkout.root());
        git.run("remote", "set-url", "origin", "https://ada:geheim@host/a/b.git");
        git.run("checkout", "--quiet", "-b", "work");
        git.write("untracked.txt", "x\n");

        WorkingCopy copy = describe(checkout.root().resolve("dir1"));

        assertThat(copy.origin()).isEqualTo("https://host/a/b.git");
        assertThat(copy.branch()).isEqualTo("work");
        assertThat(copy.commit()).isEqualTo(checkout.commit());
        assertThat(diff(checkout.root())).isEmpty();
    }

    private void edit(Path root, Random random) throws IOException, InterruptedException {
        Git git = new Git(root);
        List<String> files =
                new ArrayList<>(Stream.of(git.run("ls-files", "-z").split("\0")).toList());
        for (int i = 0; i < 12; i++) {
            Path file = root.resolve(files.get(random.nextInt(files.size())));
            switch (random.nextInt(9)) {
                case 0 -> Files.deleteIfExists(file);
                case 1 -> git.write("new/deep" + i + ".txt", lines(i, 3));
                case 2 -> Files.write(root.resolve("new" + i + ".bin"), bytes(random, 3000));
                case 3 -> git.write("empty" + i, "");
                case 4 -> {
                    if (Files.isRegularFile(file, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
                        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
                    }
                }
                case 5 -> {
                    Files.deleteIfExists(file);
                    Files.createSymbolicLink(file, Path.of("target" + i));
                }
                default -> change(file, random);
            }
            if (random.nextInt(3) == 0) {
                git.run("add", "--all");
            }
        }
        git.run("add", "--intent-to-add", "--all");
    }

    private static void change(Path file, Random random) throws IOException {
        if (!Files.isRegularFile(file, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        int at = text.isEmpty() ? 0 : random.nextInt(text.length());
        String changed = text.substring(0, at) + "changed " + random.nextInt(100) + (random.nextBoolean() ? "\n" : "")
                + text.substring(Math.min(text.length(), at + random.nextInt(60)));
        Files.writeString(file, changed, StandardCharsets.ISO_8859_1);
    }

    private static byte[] bytes(Random random, int most) {
        byte[] bytes = new byte[random.nextInt(most)];
        random.nextBytes(bytes);
        return bytes;
    }

    private static String lines(int seed, int count) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append("line ").append(i).append(" of ").append(seed).append('\n');
        }
        return text.toString();
    }

    private Map<String, String> tracked(Git git) throws IOException, InterruptedException {
        Map<String, String> all = snapshot(git.folder());
        all.keySet().retainAll(List.of(git.run("ls-files", "-z").split("\0")));
        return all;
    }

    private static Map<String, String> snapshot(Path root) throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> walk = Files.walk(root)) {
            for (Path file :
                    walk.filter(path -> !path.startsWith(root.resolve(".git"))).toList()) {
                String name = root.relativize(file).toString();
                if (Files.isSymbolicLink(file)) {
                    files.put(name, "-> " + Files.readSymbolicLink(file));
                } else if (Files.isRegularFile(file)) {
                    files.put(
                            name,
                            (Files.isExecutable(file) ? "x " : "- ")
                                    + Files.readString(file, StandardCharsets.ISO_8859_1));
                }
            }
        }
        return files;
    }

    private void apply(Checkout checkout, String diff) throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve("diff" + files++), diff);
        versionControl.applyDiff(checkout, file, console::add);
    }

    private String diff(Path root) throws IOException, InterruptedException {
        Path file = folder.resolve("diff" + files++);
        versionControl.localCode().orElseThrow().writeDiff(describe(root), List.of(), file);
        return Files.readString(file);
    }

    private WorkingCopy describe(Path place) throws InterruptedException {
        return versionControl.localCode().orElseThrow().describe(place).orElseThrow();
    }

    private Checkout checkOut() throws InterruptedException {
        return versionControl.checkOut(new CheckoutRequest(
                RepositoryAddress.parse(origin.folder().toString()),
                new Revision("", "", "main"),
                folder.resolve("copy" + copies++),
                CredentialChain.empty(),
                _ -> {}));
    }
}
