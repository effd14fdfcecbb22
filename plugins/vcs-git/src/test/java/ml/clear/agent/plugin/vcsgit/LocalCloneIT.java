// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies of mirrors are what {@code git clone} makes of them. */
class LocalCloneIT {

    private static final String ADDRESS = "https://host/team/model.git";

    @TempDir
    private Path folder;

    private Git origin;

    @BeforeEach
    void start() throws Exception {
        Git.require();
        origin = Git.init(folder.resolve("origin"));
        origin.write("train.py", "print(1)\n").commit();
    }

    @Test
    void packedAndLooseReferencesOfAllKindsAreThoseOfGitClone() throws Exception {
        origin.run("branch", "feature/größe");
        origin.run("tag", "light");
        origin.run("tag", "-a", "-m", "one", "v1");
        Path mirror = mirror();
        // later fetches leave loose references beside the packed ones, and newer than these
        origin.write("train.py", "print(2)\n").commit();
        origin.run("tag", "-f", "-a", "-m", "one again", "v1");
        origin.run("tag", "-a", "-m", "two", "v2");
        new Git(mirror)
                .run("fetch", "--quiet", "--force", "origin", "+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*");

        assertEqualsGitClone(mirror);
    }

    @Test
    void mirrorsWithoutAMainBranchHaveCopiesToo() throws Exception {
        Path mirror = mirror();
        String commit = origin.run("rev-parse", "HEAD").strip();
        for (String head : List.of(commit, "ref: refs/heads/missing")) {
            Files.writeString(mirror.resolve("HEAD"), head + "\n");

            Git copy = copyOf(mirror);

            assertThat(copy.run("for-each-ref", "--format=%(refname) %(objectname)")
                            .lines())
                    .containsExactly("refs/remotes/origin/main " + commit);
            assertThat(copy.folder().resolve(".git/HEAD")).hasContent(head + "\n");
        }
    }

    @Test
    void otherFormatsOfObjectsAreKept() throws Exception {
        Path other = folder.resolve("sha256");
        origin.run("init", "--quiet", "--object-format=sha256", "--initial-branch=main", other.toString());
        origin = new Git(other);
        origin.write("train.py", "print(1)\n").commit();

        assertEqualsGitClone(mirror());
    }

    @Test
    void shallowMirrorsStayShallow() throws Exception {
        origin.write("train.py", "print(2)\n").commit();
        Path shallow = folder.resolve("shallow");
        origin.run("clone", "--quiet", "--bare", "--depth", "1", "file://" + origin.folder(), shallow.toString());

        Git copy = copyOf(shallow);

        assertThat(copy.run("log", "--format=%s", "origin/main").lines()).hasSize(1);
        copy.run("fsck", "--full", "--strict");
    }

    private Path mirror() throws Exception {
        Path mirror = folder.resolve("mirror");
        origin.run("clone", "--quiet", "--bare", "--template=", "file://" + origin.folder(), mirror.toString());
        return mirror;
    }

    private Git copyOf(Path mirror) throws Exception {
        Path copy = Files.createTempDirectory(folder, "ours");
        GitProgram program = new GitProgram(GitContext.in(folder.resolve("own")));
        LocalClone.of(Mirror.in(mirror, program)).to(copy, ADDRESS);
        return new Git(copy);
    }

    private void assertEqualsGitClone(Path mirror) throws Exception {
        Path copy = folder.resolve("git's");
        origin.run(
                "clone",
                "--quiet",
                "--no-checkout",
                "--template=",
                "--config",
                "core.autocrlf=false",
                mirror.toString(),
                copy.toString());
        Git theirs = new Git(copy);
        theirs.run("remote", "set-url", "origin", ADDRESS);
        Git ours = copyOf(mirror);

        for (List<String> question : List.of(
                List.of("for-each-ref", "--format=%(refname) %(objectname) %(symref) %(*objectname)"),
                List.of("show-ref", "--head", "--dereference"),
                List.of("count-objects", "-v"),
                List.of("branch", "--all", "-vv"))) {
            String[] arguments = question.toArray(String[]::new);
            assertThat(ours.run(arguments)).isEqualTo(theirs.run(arguments));
        }
        assertThat(settings(ours)).containsExactlyElementsOf(settings(theirs));
        assertThat(Files.readString(ours.folder().resolve(".git/HEAD")))
                .isEqualTo(Files.readString(theirs.folder().resolve(".git/HEAD")));
        ours.run("fsck", "--full", "--strict");
    }

    private static List<String> settings(Git git) throws Exception {
        try (Stream<String> lines = git.run("config", "--local", "--list").lines()) {
            return lines.sorted().toList();
        }
    }
}
