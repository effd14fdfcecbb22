// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import ml.clear.agent.testkit.PackageIndex;
import ml.clear.agent.testkit.PythonWheel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Repositories that uv and poetry are written for, executed on the embedded server, cold and warm. The agent installs uv and
 * poetry from the index of this machine's pip; the packages of the projects are in an index with a password.
 */
@Tag("thorough")
@Timeout(600)
class ProjectEnvironmentIT {

    private static final String SCRIPT = """
            import alpha, os, sys
            print("alpha", alpha.VERSION, sys.argv[1:])
            print("in the environment of the task", sys.prefix == os.environ["VIRTUAL_ENV"])
            """;

    @TempDir
    private static Path folder;

    private static Path wheels;
    private static PackageIndex index;
    private static DaemonFixture fixture;
    private static AgentHome home;

    @BeforeAll
    static void open() {
        wheels = folder.resolve("wheels");
        PythonWheel.of("alpha", "1.0").writeTo(wheels);
        index = PackageIndex.of(wheels);
        fixture = DaemonFixture.in(folder);
        home = fixture.home()
                .with(
                        "PIP_CACHE_DIR",
                        Path.of(System.getProperty("user.home"), ".cache", "clearml-agent-tests", "pip")
                                .toString())
                .with("UV_INDEX_LOCAL_USERNAME", PackageIndex.USER)
                .with("UV_INDEX_LOCAL_PASSWORD", PackageIndex.PASSWORD)
                .with("POETRY_HTTP_BASIC_LOCAL_USERNAME", PackageIndex.USER)
                .with("POETRY_HTTP_BASIC_LOCAL_PASSWORD", PackageIndex.PASSWORD);
    }

    @AfterAll
    static void close() {
        fixture.close();
        index.close();
    }

    @Test
    void aRepositoryForUvRunsColdAndWarm() throws IOException {
        Path copy = repository("uv", """
                [project]
                name = "demo"
                version = "0.1"
                requires-python = ">=3.9"
                dependencies = ["alpha"]

                [[tool.uv.index]]
                name = "local"
                url = "%s"
                default = true
                """);
        AgentHome uv = home.with("CLEARML_AGENT_FORCE_UV", "1");
        String task = task("uv");

        Shell.Finished cold = executed(uv, task);
        assertThat(cold.out())
                .contains("uv for the agent", "alpha 1.0 ['--rate', '0.5']", "in the environment of the task True");
        assertThat(packages(task)).containsExactly("alpha==1.0");
        shell(copy, tool("uv", "uv"), "lock", "--quiet");
        push(copy, "uv.lock");
        PythonWheel.of("alpha", "2.0").writeTo(wheels);

        Shell.Finished locked = executed(uv, task("uv"));
        Shell.Finished warm = executed(uv, task("uv"));

        assertThat(locked.out()).contains("alpha 1.0").doesNotContain("from the cache", "uv for the agent");
        assertThat(warm.out()).contains("Using the environment from the cache", "alpha 1.0");
        assertThat(cold.out() + locked.out() + warm.out()).doesNotContain(PackageIndex.PASSWORD);
        assertThat(home.run("cache", "ls").out()).contains("  uv ");
    }

    @Test
    void aRepositoryWithPoetrysLockFileRunsColdAndWarmWithTheDefaultConfiguration() throws IOException {
        PythonWheel.of("alpha", "1.0").writeTo(wheels);
        Path copy = repository("poetry", """
                [tool.poetry]
                name = "demo"
                version = "0.1"
                description = ""
                authors = []
                package-mode = false

                [tool.poetry.dependencies]
                python = ">=3.9"
                alpha = "1.0"

                [[tool.poetry.source]]
                name = "local"
                url = "%s"
                priority = "primary"
                """);
        String first = task("poetry");
        Shell.Finished withoutLock = executed(home.with("CLEARML_AGENT_FORCE_POETRY", "1"), first);
        assertThat(withoutLock.out())
                .contains("Installing poetry for the agent", "The repository has no poetry.lock", "alpha 1.0");
        assertThat(packages(first)).containsExactly("alpha==1.0");
        shell(copy, tool("poetry", "poetry"), "lock", "--no-interaction", "--quiet");
        push(copy, "poetry.lock");

        Shell.Finished cold = executed(home, task("poetry"));
        Shell.Finished warm = executed(home, task("poetry"));

        assertThat(cold.out())
                .contains("package manager: poetry, since the repository has poetry.lock", "alpha 1.0")
                .doesNotContain("from the cache");
        assertThat(warm.out()).contains("Using the environment from the cache", "in the environment of the task True");
        assertThat(withoutLock.out() + cold.out() + warm.out()).doesNotContain(PackageIndex.PASSWORD);
    }

    private static Shell.Finished executed(AgentHome as, String task) {
        Shell.Finished finished = as.run("execute", "--id", task);
        assertThat(finished.status()).as(finished.out() + finished.err()).isZero();
        assertThat(fixture.status(task)).as(finished.out()).isEqualTo("completed");
        return finished;
    }

    private static String task(String name) {
        Map<String, ?> script = Map.of(
                "binary",
                "python3",
                "repository",
                folder.resolve(name + ".git").toString(),
                "branch",
                "trunk",
                "working_dir",
                ".",
                "entry_point",
                "train.py --rate 0.5");
        return fixture.server()
                .call("tasks.create", Map.of("name", "project of " + name, "type", "training", "script", script))
                .get("id")
                .asString();
    }

    private static List<String> packages(String task) {
        JsonNode pip =
                fixture.server().task(task).get("script").get("requirements").get("pip");
        return pip.isArray()
                ? pip.valueStream().map(JsonNode::asString).toList()
                : pip.asString().lines().toList();
    }

    /** A working copy whose repository has the script and the project. */
    private static Path repository(String name, String project) throws IOException {
        Path bare = folder.resolve(name + ".git");
        Path copy = folder.resolve(name + " copy");
        git(folder, "init", "--quiet", "--bare", "--initial-branch=trunk", bare.toString());
        git(folder, "clone", "--quiet", bare.toString(), copy.toString());
        git(copy, "checkout", "--quiet", "-B", "trunk");
        Files.writeString(copy.resolve("train.py"), SCRIPT);
        Files.writeString(copy.resolve("pyproject.toml"), project.formatted(index.address()));
        push(copy, "train.py", "pyproject.toml");
        return copy;
    }

    private static void push(Path copy, String... files) {
        git(copy, Stream.concat(Stream.of("add"), Stream.of(files)).toArray(String[]::new));
        git(copy, "commit", "--quiet", "--message", "Change the project");
        git(copy, "push", "--quiet", "origin", "trunk");
    }

    /** A program that the agent installed for itself. */
    private static String tool(String tool, String program) throws IOException {
        try (Stream<Path> tools = Files.list(home.clearml().resolve("cache/.tools"))) {
            return tools.filter(path -> path.getFileName().toString().startsWith(tool + "-"))
                    .filter(Files::isDirectory)
                    .map(path -> path.resolve("bin").resolve(program).toString())
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static void git(Path in, String... arguments) {
        shell(
                in,
                Stream.concat(
                                Stream.of("git", "-c", "user.name=Tester", "-c", "user.email=tester@localhost"),
                                Stream.of(arguments))
                        .toArray(String[]::new));
    }

    private static void shell(Path in, String... command) {
        Shell.Finished finished = Shell.in(in)
                .with("GIT_CONFIG_GLOBAL", "/dev/null")
                .with("GIT_CONFIG_NOSYSTEM", "1")
                .with("UV_INDEX_LOCAL_USERNAME", PackageIndex.USER)
                .with("UV_INDEX_LOCAL_PASSWORD", PackageIndex.PASSWORD)
                .with("POETRY_HTTP_BASIC_LOCAL_USERNAME", PackageIndex.USER)
                .with("POETRY_HTTP_BASIC_LOCAL_PASSWORD", PackageIndex.PASSWORD)
                .with("POETRY_CACHE_DIR", folder.resolve("cache of the author").toString())
                .start(List.of(command))
                .finish();
        assertThat(finished.status())
                .as(List.of(command) + finished.out() + finished.err())
                .isZero();
    }
}
