// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import ml.clear.agent.testkit.CondaChannel;
import ml.clear.agent.testkit.InstalledProgram;
import ml.clear.agent.testkit.PackageIndex;
import ml.clear.agent.testkit.PythonWheel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Two daemons of the distribution with one home folder and one cache that holds fewer environments than the tasks need, while
 * daemons and execute processes are killed at random.
 */
@Tag("thorough")
@Timeout(3600)
class KilledDaemonsIT {

    private static final int TASKS = Boolean.getBoolean("soak") ? 50 : 3;
    private static final Pattern EXECUTE = Pattern.compile("(\\d+): \\S+/java .* execute --id (\\w+).*");
    private static final Duration LIMIT = Duration.ofMinutes(50);

    private static final String SCRIPT = """
            import alpha, os, sys
            print("alpha", alpha.VERSION, sys.prefix == os.environ.get("VIRTUAL_ENV", os.environ.get("CONDA_PREFIX")))
            """;

    private static final String POETRY = """
            [tool.poetry]
            name = "demo"
            version = "0.1"
            description = ""
            authors = []
            package-mode = false

            [tool.poetry.dependencies]
            python = ">=3.9"
            alpha = "VERSION"

            [[tool.poetry.source]]
            name = "local"
            url = "INDEX"
            priority = "primary"
            """;

    /** Package managers, with what daemons need to use them for every task. */
    private enum Manager {
        PIP("TYPE", "pip"),
        UV("UV_REPLACE_PIP", "true"),
        POETRY("TYPE", "poetry"),
        CONDA("TYPE", "conda");

        private final String key;
        private final String value;

        Manager(String key, String value) {
            this.key = "CLEARML_AGENT__AGENT__PACKAGE_MANAGER__" + key;
            this.value = value;
        }
    }

    @TempDir
    private static Path folder;

    private static Path programs;
    private static PackageIndex index;
    private static String channel;
    private static DaemonFixture fixture;

    private final Random random = new Random(17);
    private final Map<String, String> versions = new HashMap<>();
    private final Set<String> killed = new HashSet<>();

    @BeforeAll
    static void open() throws Exception {
        programs = Files.createDirectory(folder.resolve("programs"));
        Files.createSymbolicLink(programs.resolve("uv"), InstalledProgram.ofPython("uv-0.13.9", "uv", "uv==0.13.9"));
        Files.createSymbolicLink(
                programs.resolve("poetry"), InstalledProgram.ofPython("poetry-2.5.1", "poetry", "poetry==2.5.1"));
        PythonWheel.of("alpha", "1.0").writeTo(folder.resolve("wheels"));
        PythonWheel.of("alpha", "2.0").writeTo(folder.resolve("wheels"));
        index = PackageIndex.of(folder.resolve("wheels"));
        channel = CondaChannel.withPython()
                .withModule("alpha", "1.0")
                .withModule("alpha", "2.0")
                .writeTo(folder.resolve("channel"));
        for (String version : List.of("1.0", "2.0")) {
            project(version);
        }
        fixture = DaemonFixture.in(folder);
    }

    @AfterAll
    static void close() {
        fixture.close();
        index.close();
    }

    @ParameterizedTest
    @EnumSource
    void everyTaskGetsAWholeEnvironmentAndNothingIsLeft(Manager manager) throws Exception {
        AgentHome home = home(manager);
        String queue = "builds-" + manager;
        for (int i = 0; i < TASKS; i++) {
            enqueue(queue, manager);
        }
        List<Shell.Started> daemons =
                new ArrayList<>(List.of(fixture.daemon(home, queue), fixture.daemon(home, queue)));
        long end = System.nanoTime() + LIMIT.toNanos();
        while (!versions.keySet().stream().allMatch(KilledDaemonsIT::over)) {
            assertThat(System.nanoTime()).as("tasks of " + manager).isLessThan(end);
            TimeUnit.MILLISECONDS.sleep(500 + random.nextInt(3000));
            killOne(home, queue, daemons);
        }
        assertPrepared();
        fixture.stopDaemons();
        assertClean(home);
    }

    /** One of the daemons, which another one replaces, or the execute process of a task, at most one for each task. */
    private void killOne(AgentHome home, String queue, List<Shell.Started> daemons) throws Exception {
        if (random.nextInt(4) == 0) {
            int victim = random.nextInt(daemons.size());
            GatedDaemonFixture.kill(daemons.get(victim).process().toHandle());
            daemons.set(victim, fixture.daemon(home, queue));
        } else if (random.nextInt(3) == 0) {
            home.processes().stream()
                    .map(EXECUTE::matcher)
                    .filter(Matcher::matches)
                    .filter(execute -> killed.add(execute.group(2)))
                    .findFirst()
                    .flatMap(execute -> ProcessHandle.of(Long.parseLong(execute.group(1))))
                    .ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    private void assertPrepared() {
        versions.forEach((task, version) -> {
            String console = String.join("\n", fixture.server().console(task));
            assertThat(fixture.status(task))
                    .as(fixture.server().task(task).path("status_reason") + "\n" + console)
                    .isEqualTo("completed");
            assertThat(console).contains("alpha " + version + " True");
        });
    }

    /** The cache is whole, and what killed processes left is gone. */
    private static void assertClean(AgentHome home) throws Exception {
        Shell.Finished verified = home.run("cache", "verify");
        assertThat(verified.status()).as(verified.out() + verified.err()).isZero();
        assertThat(entries(home.clearml().resolve("venvs-cache/v1/staging"))).isEmpty();
        Eventually.holds(
                "no task's folder is left",
                () -> entries(home.clearml().resolve("venvs-builds")).isEmpty());
        List<String> tools = entries(home.clearml().resolve("cache/.tools"));
        assertThat(tools.stream().filter(name -> name.matches("[a-z-]+-[0-9a-f]{16}[.][0-9a-f-]{36}")))
                .hasSameSizeAs(
                        tools.stream().filter(name -> name.endsWith(".current")).toList());
        assertThat(entries(home.clearml().resolve("cache"))).noneMatch(name -> name.startsWith("conda-"));
    }

    private static boolean over(String task) {
        return !List.of("queued", "in_progress").contains(fixture.status(task));
    }

    private void enqueue(String queue, Manager manager) {
        String version = random.nextBoolean() ? "1.0" : "2.0";
        Map<String, Object> script =
                new HashMap<>(Map.of("binary", "python3", "working_dir", ".", "entry_point", "train.py"));
        if (manager == Manager.POETRY) {
            script.put("repository", folder.resolve("project.git").toString());
            script.put("branch", "v" + version);
        } else {
            script.put("diff", SCRIPT);
            String source =
                    manager == Manager.CONDA ? "" : "--no-index\n--find-links " + folder.resolve("wheels") + "\n";
            script.put("requirements", Map.of("pip", source + "alpha==" + version));
        }
        String task = fixture.server()
                .call("tasks.create", Map.of("name", "builds with " + manager, "type", "testing", "script", script))
                .get("id")
                .asString();
        fixture.server().call("tasks.enqueue", Map.of("task", task, "queue_name", queue));
        versions.put(task, version);
    }

    private static AgentHome home(Manager manager) {
        String cache = System.getenv().getOrDefault("XDG_CACHE_HOME", System.getProperty("user.home") + "/.cache");
        return fixture.home()
                .with(manager.key, manager.value)
                .with("PATH", programs + File.pathSeparator + System.getenv("PATH"))
                .with(
                        "PIP_CACHE_DIR",
                        Path.of(cache, "clearml-agent-tests", "pip").toString())
                .with("CLEARML_AGENT__AGENT__VENVS_CACHE__MAX_ENTRIES", "3")
                .with("CLEARML_AGENT__AGENT__PACKAGE_MANAGER__CONDA_CHANNELS", channel)
                .with("CONDA_EXE", "")
                .with("MAMBA_EXE", "")
                .with("POETRY_HTTP_BASIC_LOCAL_USERNAME", PackageIndex.USER)
                .with("POETRY_HTTP_BASIC_LOCAL_PASSWORD", PackageIndex.PASSWORD);
    }

    /** A branch of the repository of the poetry project, which asks for one version. */
    private static void project(String version) throws IOException {
        Path copy = folder.resolve("copy");
        if (Files.notExists(copy)) {
            git(folder, "init", "--quiet", "--bare", "project.git");
            git(folder, "clone", "--quiet", "project.git", "copy");
        }
        git(copy, "checkout", "--quiet", "-B", "v" + version);
        Files.writeString(copy.resolve("train.py"), SCRIPT);
        Files.writeString(
                copy.resolve("pyproject.toml"),
                POETRY.replace("VERSION", version).replace("INDEX", index.address()));
        git(copy, "add", ".");
        git(copy, "commit", "--quiet", "--message", "Ask for " + version);
        git(copy, "push", "--quiet", "origin", "HEAD");
    }

    private static void git(Path in, String... arguments) {
        Shell.Finished finished = Shell.in(in)
                .with("GIT_CONFIG_GLOBAL", "/dev/null")
                .with("GIT_CONFIG_NOSYSTEM", "1")
                .run(Stream.concat(
                                Stream.of("git", "-c", "user.name=Tester", "-c", "user.email=tester@localhost"),
                                Stream.of(arguments))
                        .toArray(String[]::new));
        assertThat(finished.status()).as(finished.err()).isZero();
    }

    private static List<String> entries(Path of) throws IOException {
        if (!Files.isDirectory(of)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(of)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
