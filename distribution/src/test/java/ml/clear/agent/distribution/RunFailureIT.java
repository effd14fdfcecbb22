// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.SortedSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Runs that fail, or nearly: what they print, and that nothing is left behind. */
@Tag("thorough")
class RunFailureIT {

    @TempDir
    private static Path folder;

    private static AgentHome home;

    @BeforeAll
    static void startServer() {
        home = AgentHome.emptyIn(folder, Installation.shared());
        Shell.Finished started = home.run("server", "start", "--detach");
        assertThat(started.status()).as(started.err()).isZero();
    }

    @AfterAll
    static void stopServer() {
        home.close();
    }

    @Test
    void exitCodeOfTheScriptIsTheOneOfTheCommand() throws IOException {
        Path script = script("three.py", "import sys\nprint('about to fail')\nsys.exit(3)\n");

        Shell.Finished finished = home.run("run", script.toString());

        assertThat(finished.status()).as(finished.err()).isEqualTo(3);
        assertThat(finished.err()).contains("ended with exit code 3");
        assertThat(finished.out()).contains("about to fail\n");
        JsonNode task = home.server().lastTask();
        assertThat(task.get("status").asString()).isEqualTo("failed");
        assertThat(task.get("status_reason").asString()).isEqualTo("worker execution exit code 3");
    }

    @Test
    void requirementThatDoesNotExistIsNamedAndLeavesNothing() throws IOException {
        Path script = script("absent/script.py", "print('never reached')\n");
        script("absent/requirements.txt", "six==1.17.0\nthere-is-no-such-package-as-this-one==9.9.9\n");
        // What is kept for every environment, such as an empty one to copy, exists already.
        assertThat(home.run("run", script("present.py", "print()\n").toString()).status())
                .isZero();
        SortedSet<String> before = home.files();

        Shell.Finished finished = home.run("run", script.toString());

        assertThat(finished.status()).isEqualTo(1);
        assertThat(finished.out())
                .doesNotContain("never reached")
                .contains("there-is-no-such-package-as-this-one==9.9.9", "No matching distribution found");
        JsonNode task = home.server().lastTask();
        assertThat(task.get("status").asString()).isEqualTo("failed");
        assertThat(task.get("status_reason").asString())
                .startsWith("set-up failed: ")
                .contains("there-is-no-such-package-as-this-one==9.9.9", "No matching distribution found");
        assertThat(home.server().console(task.get("id").asString()))
                .isEqualTo(finished.out().lines().toList());
        SortedSet<String> left = home.files();
        left.removeAll(before);
        assertThat(left).isEmpty();
        assertThat(home.processes()).isEmpty();
    }

    @Test
    void pythonWithoutVenvIsServed() throws IOException {
        Path prefix = pythonWithout(Set.of("venv", "ensurepip"));
        Path script = script("bare/script.py", """
                import importlib.util, six, sys
                print("six", six.__version__)
                print("venv", importlib.util.find_spec("venv"), importlib.util.find_spec("ensurepip"))
                print("prefix", sys.base_prefix)
                """);
        script("bare/requirements.txt", "six==1.17.0\n");

        Shell.Finished finished = home.with("PATH", prefix.resolve("bin") + ":" + System.getenv("PATH"))
                .run("run", script.toString());

        assertThat(finished.status()).as(finished.out() + finished.err()).isZero();
        assertThat(finished.out()).contains("six 1.17.0\n", "venv None None\n", "prefix " + prefix + "\n");
    }

    /** A Python of its own prefix that has all of this machine's but some modules. */
    private static Path pythonWithout(Set<String> modules) throws IOException {
        String[] real = home.shell().run("python3", "-c", """
                        import os, sys, sysconfig
                        print(os.path.realpath(sys.executable), sysconfig.get_path("stdlib"), sep="\\n")
                        """).out().split("\n");
        Path executable = Path.of(real[0]);
        Path library = Path.of(real[1]);
        Path prefix = folder.toRealPath().resolve("bare python");
        Files.copy(executable, Files.createDirectories(prefix.resolve("bin")).resolve("python3"));
        Path own = Files.createDirectories(prefix.resolve("lib").resolve(library.getFileName()));
        try (Stream<Path> entries = Files.list(library)) {
            for (Path entry : (Iterable<Path>) entries::iterator) {
                String name = entry.getFileName().toString();
                if (!modules.contains(name)) {
                    Files.createSymbolicLink(own.resolve(name), entry);
                }
            }
        }
        return prefix;
    }

    private static Path script(String name, String text) throws IOException {
        Path file = folder.resolve("scripts").resolve(name);
        Files.createDirectories(
                file.getParent(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        return Files.writeString(file, text);
    }
}
