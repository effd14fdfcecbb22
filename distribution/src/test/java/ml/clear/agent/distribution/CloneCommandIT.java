// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./clearml-agent} of a clone, with a build that takes no time: it writes a script that says which build it is of. */
@Tag("thorough")
class CloneCommandIT {

    private static final Path REPOSITORY = Path.of(System.getProperty("repository"));
    private static final Path INSTALL = Path.of("distribution/src/build/install.sh");

    @TempDir
    private Path folder;

    private Path clone;

    @BeforeEach
    void cloneWithAStandInForTheBuild() throws IOException {
        clone = Files.createDirectory(folder.resolve("a clone"));
        for (String source : List.of(
                "pom.xml",
                ".mvn/jvm.config",
                "agent-api/pom.xml",
                "agent-api/src/main/java/A.java",
                "agent-api/src/main/java/B.java",
                "plugins/pom.xml",
                "plugins/src/assembly/plugin.xml",
                "plugins/pip/pom.xml",
                "plugins/pip/src/main/java/Pip.java",
                "distribution/pom.xml",
                "distribution/src/main/folder/x",
                "distribution/src/assembly/x",
                "distribution/src/test/java/T.java")) {
            write(source, "first");
        }
        Files.createDirectories(clone.resolve(INSTALL).getParent());
        Files.copy(REPOSITORY.resolve(INSTALL), clone.resolve(INSTALL));
        Files.copy(REPOSITORY.resolve("clearml-agent"), clone.resolve("clearml-agent"));
        script("build", """
            echo started >> builds
            [ ! -e broken ] || { echo '[ERROR] Pip.java: cannot find symbol'; exit 1; }
            bin="distribution/target/clearml-agent-1-linux/clearml-agent-1/bin"
            mkdir -p "$bin" agent-api/target
            echo '[ -z "${CLEARML_AGENT_AOT-}" ] || exit 0' > "$bin/clearml-agent"
            echo "[ \\"\\$1\\" != wait ] || { sed q <&8; exit; }" >> "$bin/clearml-agent"
            echo "echo build $(wc -l < builds) \\"\\$@\\"" >> "$bin/clearml-agent"
            sed -i '1i#!/bin/sh' "$bin/clearml-agent"
            chmod +x "$bin/clearml-agent"
            """);
    }

    @Test
    void buildsOnceAndRuns() {
        Shell.Finished first = run("--version", "a b");
        assertThat(first.status()).as(first.err()).isZero();
        assertThat(first.out()).isEqualTo("build 1 --version a b\n");
        assertThat(first.err().lines().toList()).hasSize(2).allMatch(line -> line.startsWith("clearml-agent: "));

        assertThat(run()).isEqualTo(new Shell.Finished(0, "build 1\n", ""));
    }

    @Test
    void runsThroughALinkFromAnotherFolder() throws IOException {
        Files.createSymbolicLink(folder.resolve("agent"), clone.resolve("clearml-agent"));

        assertThat(Shell.in(folder).run("./agent").out()).isEqualTo("build 1\n");
        assertThat(Shell.in(folder).run("sh", "agent").out()).isEqualTo("build 1\n");
        assertThat(Shell.in(clone).run("sh", "clearml-agent").out()).isEqualTo("build 1\n");
    }

    @Test
    void changedSourceIsBuilt() throws IOException {
        run();

        write("plugins/pip/src/main/java/Pip.java", "second");
        assertThat(run().out()).isEqualTo("build 2\n");

        write("distribution/src/test/java/T.java", "second");
        assertThat(run().out()).as("tests are not installed").isEqualTo("build 2\n");
    }

    @Test
    void deletedSourceIsBuilt() throws IOException {
        run();

        Files.delete(clone.resolve("agent-api/src/main/java/B.java"));

        assertThat(run().out()).isEqualTo("build 2\n");
    }

    @Test
    void olderSourceThatIsPutBackIsBuilt() throws IOException {
        run();

        write("agent-api/src/main/java/A.java", "from a backup");
        Files.setLastModifiedTime(
                clone.resolve("agent-api/src/main/java/A.java"), FileTime.from(Instant.parse("2001-02-03T04:05:06Z")));

        assertThat(run().out()).isEqualTo("build 2\n");
    }

    @Test
    void firstCommandsAtOnceBuildOnce() {
        List<Shell.Started> commands = IntStream.range(0, 3)
                .mapToObj(_ -> Shell.in(folder).start(command()))
                .toList();

        assertThat(commands)
                .allSatisfy(command -> assertThat(command.finish().out()).isEqualTo("build 1\n"));
        assertThat(clone.resolve("builds")).hasContent("started");
    }

    @Test
    void failedBuildRunsNothing() throws IOException {
        run();
        write("broken", "");
        write("agent-api/src/main/java/A.java", "wrong");

        Shell.Finished failed = run("--version");

        assertThat(failed.status()).isEqualTo(1);
        assertThat(failed.out()).isEmpty();
        assertThat(failed.err()).contains("[ERROR] Pip.java: cannot find symbol", "nothing was run", "build.log");

        Files.delete(clone.resolve("broken"));
        assertThat(run().out()).isEqualTo("build 3\n");
    }

    @Test
    void linkToAFolderThatIsGoneIsBuiltAnew() throws IOException {
        run();
        Shell.in(clone).run("sh", "-c", "rm -r distribution/.installed/2*");

        assertThat(run().out()).isEqualTo("build 2\n");
    }

    @Test
    void folderInUseStaysUntilNoProcessRunsFromIt() throws Exception {
        run();
        Path first = current();
        Process user = new ProcessBuilder(
                        "sh",
                        "-c",
                        "exec \"$0\" wait 8<&0",
                        first.resolve("bin/clearml-agent").toString())
                .start();
        try {
            write("pom.xml", "second");
            assertThat(run().out()).isEqualTo("build 2\n");
            assertThat(current()).isNotEqualTo(first);
            assertThat(first.resolve("bin/clearml-agent")).exists();
        } finally {
            user.getOutputStream().close();
            assertThat(user.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }

        write("pom.xml", "third");
        assertThat(run().out()).isEqualTo("build 3\n");
        assertThat(first).doesNotExist();
        try (Stream<Path> folders = Files.list(clone.resolve("distribution/.installed"))) {
            assertThat(folders.filter(path -> Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)))
                    .containsExactly(current());
        }
    }

    private Path current() throws IOException {
        return clone.resolve("distribution/.installed/current").toRealPath();
    }

    private Shell.Finished run(String... arguments) {
        return Shell.in(folder).start(command(arguments)).finish();
    }

    private List<String> command(String... arguments) {
        return Stream.concat(Stream.of(clone.resolve("clearml-agent").toString()), Stream.of(arguments))
                .toList();
    }

    private void write(String file, String content) throws IOException {
        Files.createDirectories(clone.resolve(file).getParent());
        Files.writeString(clone.resolve(file), content);
    }

    private void script(String file, String content) throws IOException {
        write(file, "#!/bin/sh\ncd \"$(dirname \"$0\")\"\n" + content);
        Files.setPosixFilePermissions(clone.resolve(file), PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
