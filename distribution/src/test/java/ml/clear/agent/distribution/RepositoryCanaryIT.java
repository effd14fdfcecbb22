// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A password with a mark opens a repository, its submodule and a requirement of pip; the mark is looked for everywhere else. */
@Timeout(300)
class RepositoryCanaryIT {

    private static final String CANARY = "canary5c9e";

    @TempDir
    private Path folder;

    @Test
    void thePasswordOpensSubmoduleAndRequirementAndShowsNowhere() throws Exception {
        Path served = Files.createDirectories(folder.resolve("served"));
        try (GitServer git = new GitServer("127.0.0.1", served, "ada", CANARY + "-right");
                GitServer other = new GitServer("127.0.0.1", served, "bob", "unknown");
                Home home = Home.emptyIn(folder, Installation.shared());
                ProcessList processes = new ProcessList(CANARY)) {
            makeRepositories(served, git);
            configure(home);
            assertThat(home.run("server", "start").status()).isZero();
            String good = task(home, git.address("project.git"));
            String bad = task(home, other.address("project.git"));

            Shell.Finished opened = home.run("--debug", "execute", "--id", good);
            Shell.Finished closed = home.run("--debug", "execute", "--id", bad);

            assertThat(opened.status()).as(opened.out() + opened.err()).isZero();
            assertThat(opened.out()).contains("\nfrom the package: 42, from the submodule: 43\n");
            assertThat(git.refused())
                    .as("the first credential is refused, the next one is taken")
                    .isPositive();
            assertThat(closed.status()).isNotZero();
            assertThat(home.server().task(bad).get("status_reason").asString()).contains("git-config: refused");
            for (Shell.Finished finished : List.of(opened, closed)) {
                assertThat(finished.out() + finished.err()).doesNotContain(CANARY);
            }
            for (String task : List.of(good, bad)) {
                assertThat(home.server().task(task).toString()).doesNotContain(CANARY);
                assertThat(home.server().console(task)).noneMatch(line -> line.contains(CANARY));
            }
            assertThat(filesWithTheMark()).isEmpty();
            assertThat(processes.seen()).isEmpty();
        }
    }

    private void makeRepositories(Path served, GitServer server) throws IOException {
        Path work = Files.createDirectories(folder.resolve("work"));
        repository(
                work.resolve("package"),
                served.resolve("package.git"),
                Map.of(
                        "pyproject.toml",
                        "[build-system]\nrequires = []\nbuild-backend = \"backend\"\nbackend-path = [\".\"]\n",
                        "backend.py",
                        """
                        import zipfile
                        def build_wheel(folder, config_settings=None, metadata_directory=None):
                            name = "answers-1.0-py3-none-any.whl"
                            with zipfile.ZipFile(folder + "/" + name, "w") as wheel:
                                wheel.writestr("answers.py", "ANSWER = 42\\n")
                                info = "answers-1.0.dist-info/"
                                wheel.writestr(info + "METADATA", "Metadata-Version: 2.1\\nName: answers\\nVersion: 1.0\\n")
                                wheel.writestr(info + "WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
                                wheel.writestr(info + "RECORD", "")
                            return name
                        """));
        repository(work.resolve("part"), served.resolve("part.git"), Map.of("part.py", "PART = 43\n"));
        Path project = work.resolve("project");
        repository(
                project,
                served.resolve("project.git"),
                Map.of(
                        "train.py",
                        "import answers, sub.part\n"
                                + "print(f'from the package: {answers.ANSWER}, from the submodule: {sub.part.PART}')\n",
                        "requirements.txt",
                        "git+" + server.address("package.git") + "@main\n"));
        git(
                project,
                "-c",
                "protocol.file.allow=always",
                "submodule",
                "--quiet",
                "add",
                served.resolve("part.git").toString(),
                "sub");
        git(project, "config", "--file", ".gitmodules", "submodule.sub.url", "../part.git");
        git(project, "add", ".");
        git(project, "commit", "--quiet", "--message", "A part");
        git(project, "push", "--quiet", "origin", "main");
    }

    private static void repository(Path work, Path bare, Map<String, String> files) throws IOException {
        Files.createDirectories(work);
        git(work, "init", "--quiet", "--bare", "--initial-branch=main", bare.toString());
        git(work, "init", "--quiet", "--initial-branch=main");
        for (Map.Entry<String, String> file : files.entrySet()) {
            Files.writeString(work.resolve(file.getKey()), file.getValue());
        }
        git(work, "add", ".");
        git(work, "commit", "--quiet", "--message", "Files");
        git(work, "remote", "add", "origin", bare.toString());
        git(work, "push", "--quiet", "origin", "main");
    }

    private static void git(Path place, String... arguments) {
        Shell.Finished finished = Shell.in(place)
                .with("GIT_CONFIG_GLOBAL", "/dev/null")
                .with("GIT_CONFIG_NOSYSTEM", "1")
                .start(Stream.concat(
                                Stream.of("git", "-c", "user.name=Tester", "-c", "user.email=tester@localhost"),
                                Stream.of(arguments))
                        .toList())
                .finish();
        assertThat(finished.status()).as(List.of(arguments) + finished.err()).isZero();
    }

    private static void configure(Home home) throws IOException {
        Files.writeString(home.folder().resolve("clearml.conf"), """
            agent.git.extra_credentials: [
              { host: "127.0.0.1", user: "ada", pass: "CANARY-wrong" },
              { host: "127.0.0.1", user: "ada", pass: "CANARY-right" }
            ]
            """.replace("CANARY", CANARY));
    }

    private static String task(Home home, String repository) {
        Map<String, Object> script = Map.of(
                "binary",
                "python3",
                "entry_point",
                "train.py",
                "working_dir",
                ".",
                "repository",
                repository,
                "branch",
                "main");
        return home.server()
                .call("tasks.create", Map.of("name", "has a repository", "type", "testing", "script", script))
                .get("id")
                .asString();
    }

    /** The password has one proper place, the user's configuration. */
    private List<String> filesWithTheMark() throws IOException {
        List<String> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = folder.relativize(file).toString();
                if (!name.equals("home/clearml.conf")
                        && new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(CANARY)) {
                    found.add(name);
                }
            }
        }
        return found;
    }
}
