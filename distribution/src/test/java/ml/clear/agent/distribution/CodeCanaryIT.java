// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import ml.clear.agent.testkit.GitOverHttp;
import ml.clear.agent.testkit.ProcessList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The password of a git host opens its repositories, their submodules and large files and the packages of pip that lie there, and
 * is found nowhere but in the user's configuration: also not when the checkout fails.
 */
@Tag("thorough")
@Timeout(600)
class CodeCanaryIT {

    private static final String CANARY = "canary-51c0ffee";
    private static final byte[] LARGE = "a large file\n".repeat(1000).getBytes(StandardCharsets.UTF_8);

    @TempDir
    private Path folder;

    private Path served;

    @BeforeEach
    void makeRepositories() throws IOException {
        boolean installed = Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                .anyMatch(place -> Files.isExecutable(Path.of(place, "git-lfs")));
        assumeTrue(installed || Boolean.getBoolean("require.real"), "git-lfs is not installed");
        served = Files.createDirectories(folder.resolve("served"));
        String library = repository(
                "library",
                Map.of(
                        "pyproject.toml", """
                        [build-system]
                        requires = []
                        build-backend = "backend"
                        backend-path = ["."]
                        """,
                        "backend.py", """
                        import os, zipfile

                        def build_wheel(folder, settings=None, metadata=None):
                            name = "library-1.0-py3-none-any.whl"
                            info = "library-1.0.dist-info/"
                            with zipfile.ZipFile(os.path.join(folder, name), "w") as wheel:
                                wheel.writestr("library.py", "WORD = 'from the library'\\n")
                                wheel.writestr(info + "METADATA", "Metadata-Version: 2.1\\nName: library\\nVersion: 1.0\\n")
                                wheel.writestr(info + "WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
                                wheel.writestr(info + "RECORD", "")
                            return name
                        """));
        repository(
                "team",
                Map.of(
                        ".gitattributes", "*.bin filter=lfs diff=lfs merge=lfs -text\n",
                        ".gitmodules", "[submodule \"lib\"]\n\tpath = lib\n\turl = ../../library/.git\n",
                        "model.bin", pointer(GitOverHttp.oid(LARGE)),
                        "train.py", """
                        import hashlib, library, os
                        print("large", hashlib.sha256(open("model.bin", "rb").read()).hexdigest())
                        print("submodule", os.path.exists("lib/backend.py"))
                        print(library.WORD)
                        """),
                "--cacheinfo",
                "160000," + library + ",lib");
        repository(
                "incomplete",
                Map.of(
                        ".gitattributes",
                        "*.bin filter=lfs diff=lfs merge=lfs -text\n",
                        "model.bin",
                        pointer("0".repeat(64))));
        repository(
                "dangling",
                Map.of(".gitmodules", "[submodule \"lib\"]\n\tpath = lib\n\turl = ../../absent/.git\n"),
                "--cacheinfo",
                "160000," + library + ",lib");
    }

    @Test
    void passwordIsFoundNowhereAfterSuccessesAndFailures() throws Exception {
        List<String> said = new ArrayList<>();
        try (DaemonFixture fixture = DaemonFixture.in(folder);
                GitOverHttp git = new GitOverHttp(served, GitOverHttp.basic("ada", CANARY), null);
                GitOverHttp other = new GitOverHttp(served, GitOverHttp.basic("ada", "another password"), null);
                ProcessList processes = ProcessList.withVariables(CANARY)) {
            git.serveLarge(LARGE);
            configure(fixture);
            String team = git.address("team/.git");
            String library = "library @ git+" + git.address("library/.git");

            JsonNode whole = execute(fixture, script(team, Map.of("requirements", Map.of("pip", library))), said);
            assertThat(whole.get("status").asString()).as(said.toString()).isEqualTo("completed");
            assertThat(fixture.server().console(whole.get("id").asString()))
                    .contains("large " + GitOverHttp.oid(LARGE), "submodule True", "from the library");

            for (Map.Entry<String, Map<String, Object>> failing :
                    failures(git, other).entrySet()) {
                JsonNode failed = execute(fixture, failing.getValue(), said);
                assertThat(failed.get("status").asString()).isEqualTo("failed");
                assertThat(failed.get("status_reason").asString()).containsIgnoringCase(failing.getKey());
            }

            assertThat(processes.seen()).isEmpty();
            assertThat(other.refused())
                    .as("the password reached this host in vain")
                    .isPositive();
        }
        assertThat(said.toString()).doesNotContain(CANARY);
        assertThat(filesWithTheCanary()).containsExactly("home/clearml.conf");
    }

    /** By a part of what the task then says. */
    private static Map<String, Map<String, Object>> failures(GitOverHttp git, GitOverHttp other) {
        String team = git.address("team/.git");
        Map<String, Map<String, Object>> failures = new LinkedHashMap<>();
        failures.put("no such repository", script(git.address("absent/.git"), Map.of()));
        failures.put("0123456789", script(team, Map.of("version_num", "0123456789".repeat(4))));
        failures.put("branch 'absent'", script(team, Map.of("branch", "absent")));
        failures.put("refuses access", script(other.address("team/.git"), Map.of()));
        failures.put("does not answer", script("http://127.0.0.1:1/team/.git", Map.of()));
        failures.put("large files", script(git.address("incomplete/.git"), Map.of()));
        failures.put("submodule 'lib'", script(git.address("dangling/.git"), Map.of()));
        failures.put("train.py", script(team, Map.of("diff", """
                diff --git a/train.py b/train.py
                --- a/train.py
                +++ b/train.py
                @@ -1,1 +1,1 @@
                -not in the file
                +never
                """)));
        failures.put(
                "library",
                script(
                        team,
                        Map.of("requirements", Map.of("pip", "library @ git+" + git.address("absent/library.git")))));
        return failures;
    }

    private static Map<String, Object> script(String repository, Map<String, ?> more) {
        Map<String, Object> script = new LinkedHashMap<>(Map.of(
                "binary", "python3",
                "entry_point", "train.py",
                "working_dir", ".",
                "repository", repository,
                "branch", "main",
                "requirements", Map.of("pip", "")));
        script.putAll(more);
        return script;
    }

    /** Runs a task by {@code execute}; collects all that is written and reported about it. */
    private static JsonNode execute(DaemonFixture fixture, Map<String, Object> script, List<String> said) {
        String task = fixture.server()
                .call("tasks.create", Map.of("name", "canary", "type", "testing", "script", script))
                .get("id")
                .asString();
        Shell.Finished ended = fixture.home().run("--debug", "execute", "--id", task);
        JsonNode document = fixture.server().task(task);
        said.addAll(List.of(
                ended.out(),
                ended.err(),
                document.toString(),
                fixture.server()
                        .call("events.get_task_log", Map.of("task", task, "order", "asc", "batch_size", 500))
                        .toString()));
        return document;
    }

    private void configure(DaemonFixture fixture) throws IOException {
        JsonNode pair = fixture.credentials();
        Files.writeString(
                fixture.home().folder().resolve("clearml.conf"),
                JsonMapper.shared()
                        .writeValueAsString(Map.of(
                                "api",
                                Map.of("api_server", fixture.server().api().toString(), "credentials", pair),
                                "agent",
                                Map.of("git_user", "ada", "git_pass", CANARY))));
    }

    private List<String> filesWithTheCanary() throws IOException {
        List<String> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(CANARY)) {
                    found.add(folder.relativize(file).toString());
                }
            }
        }
        return found;
    }

    private static String pointer(String oid) {
        return "version https://git-lfs.github.com/spec/v1\noid sha256:" + oid + "\nsize " + LARGE.length + "\n";
    }

    /** Commits files, and an entry of the index that is no file; returns the commit. */
    private String repository(String name, Map<String, String> files, String... entry) throws IOException {
        Path root = Files.createDirectories(served.resolve(name));
        Repository.git(root, "init", "--quiet", "--initial-branch=main");
        for (Map.Entry<String, String> file : files.entrySet()) {
            Files.writeString(root.resolve(file.getKey()), file.getValue());
        }
        Repository.git(root, "-c", "filter.lfs.clean=cat", "-c", "filter.lfs.process=", "add", "--all");
        if (entry.length > 0) {
            Repository.git(
                    root,
                    Stream.concat(Stream.of("update-index", "--add"), Stream.of(entry))
                            .toArray(String[]::new));
        }
        Repository.git(root, "commit", "--quiet", "--message", "A commit");
        return Repository.git(root, "rev-parse", "HEAD").strip();
    }
}
