// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A clone that is rebuilt while a task of the older build runs. The build is a copy of the archive's content. */
@Tag("thorough")
class UpgradeIT {

    private static final Path REPOSITORY = Path.of(System.getProperty("repository"));

    @TempDir
    private Path folder;

    @Test
    void buildWhileATaskRunsDoesNotDisturbIt() throws Exception {
        Path clone = cloneWhoseBuildCopies(Installation.shared());
        Path release = folder.resolve("release");
        Path script = Files.writeString(folder.resolve("waits.py"), """
                import pathlib, sys, time
                print("waiting")
                while not pathlib.Path(sys.argv[1]).exists():
                    time.sleep(0.05)
                print("the rest")
                sys.exit(5)
                """);

        try (AgentHome home =
                AgentHome.emptyIn(folder, new Installation(clone.resolve("distribution/.installed/current")))) {
            List<String> command =
                    new ArrayList<>(List.of(clone.resolve("clearml-agent").toString()));
            command.addAll(List.of("run", script.toString(), "--", release.toString()));
            Shell.Started run = home.shell().start(command);
            run.await(out -> out.contains("\nwaiting\n"));
            Path first = current(clone);

            Files.writeString(clone.resolve("agent-api/src/main/java/A.java"), "changed");
            Shell.Finished rebuilt =
                    home.shell().run(clone.resolve("clearml-agent").toString(), "--version");

            assertThat(rebuilt.out()).as(rebuilt.err()).isEqualTo(Installation.VERSION_LINE);
            assertThat(current(clone)).isNotEqualTo(first);
            assertThat(first.resolve("bin/clearml-agent")).exists();

            Files.createFile(release);
            Shell.Finished finished = run.finish();
            assertThat(finished.status()).as(finished.out() + finished.err()).isEqualTo(5);
            assertThat(finished.out()).contains("\nthe rest\n", "exit code 5\n");
            assertThat(home.server().lastTask().get("status").asString()).isEqualTo("failed");
            assertThat(home.server().lastTask().get("status_reason").asString())
                    .isEqualTo("worker execution exit code 5");
        }
    }

    private Path cloneWhoseBuildCopies(Installation installation) throws IOException {
        Path clone = Files.createDirectory(folder.resolve("clone"));
        for (String source : List.of(
                "pom.xml",
                ".mvn/jvm.config",
                "agent-api/pom.xml",
                "agent-api/src/main/java/A.java",
                "plugins/pom.xml",
                "plugins/src/x",
                "plugins/pip/pom.xml",
                "plugins/pip/src/main/x",
                "distribution/pom.xml",
                "distribution/src/main/x",
                "distribution/src/assembly/x")) {
            Files.createDirectories(clone.resolve(source).getParent());
            Files.writeString(clone.resolve(source), "first");
        }
        for (String real : List.of("distribution/src/build/install.sh", "clearml-agent")) {
            Files.createDirectories(clone.resolve(real).getParent());
            Files.copy(REPOSITORY.resolve(real), clone.resolve(real), java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
        }
        Path build = Files.writeString(clone.resolve("build"), """
                #!/bin/sh
                cd "$(dirname "$0")/distribution" && mkdir -p target/clearml-agent-1-linux &&
                    cp -al '%s' target/clearml-agent-1-linux/clearml-agent-1 &&
                    rm -r target/clearml-agent-1-linux/clearml-agent-1/aot
                """.formatted(installation.home()));
        Files.setPosixFilePermissions(build, PosixFilePermissions.fromString("rwxr-xr-x"));
        return clone;
    }

    private static Path current(Path clone) throws IOException {
        return clone.resolve("distribution/.installed/current").toRealPath();
    }
}
