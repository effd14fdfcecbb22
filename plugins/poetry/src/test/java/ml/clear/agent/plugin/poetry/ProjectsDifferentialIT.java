// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.poetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.process.Command;
import ml.clear.agent.api.process.CommandResult;
import ml.clear.agent.api.python.EnvironmentRequest;
import ml.clear.agent.api.python.EnvironmentRequest.SourceTree;
import ml.clear.agent.api.python.PackageManager;
import ml.clear.agent.api.spi.AgentPlugin;
import ml.clear.agent.api.task.Requirements;
import ml.clear.agent.plugin.uv.UvPlugin;
import ml.clear.agent.testkit.FileCase;
import ml.clear.agent.testkit.InstalledProgram;
import ml.clear.agent.testkit.PackageIndex;
import ml.clear.agent.testkit.ProcessCommandRunner;
import ml.clear.agent.testkit.PythonSources;
import ml.clear.agent.testkit.PythonWheel;
import ml.clear.agent.testkit.RecordedConsole;
import ml.clear.agent.testkit.TestContext;
import ml.clear.agent.testkit.TestSettings;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Projects that this agent and the Python agent install, each by its own code, with the same poetry and the same uv. */
@Tag("thorough")
class ProjectsDifferentialIT {

    private static final String UV = "0.13.9";
    private static final String CHANGED = " after the lock";

    /** All packages but the installers, with the file that says where a package comes from if that is no index. */
    private static final String LIST = """
            import importlib.metadata, json
            for one in importlib.metadata.distributions():
                origin = json.loads(one.read_text("direct_url.json") or "{}")
                origin.pop("url", None)
                if one.name not in ("pip", "setuptools", "wheel"):
                    print(one.name, one.version, json.dumps(origin, sort_keys=True))
            """;

    @TempDir
    private static Path shared;

    private static PackageIndex index;
    private static Path tool;
    private static Path pythonAgent;
    private static Path uv;
    private static Map<String, String> variables;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() throws Exception {
        writePackages(shared.resolve("wheels"));
        index = PackageIndex.of(shared.resolve("wheels"));
        Path pins = Path.of("..", "..", "distribution", "src", "test", "python", "agent-requirements.txt");
        pythonAgent = InstalledProgram.ofPython(
                "clearml-agent-3.0.3", "python", "-r", pins.toAbsolutePath().toString());
        uv = InstalledProgram.ofPython("uv-" + UV, "uv", "uv==" + UV);
        variables = RealPoetry.variables(shared.resolve("poetry cache"));
        variables
                .keySet()
                .removeIf(name -> name.startsWith("PIP_") || name.startsWith("UV_") || name.startsWith("CLEARML_"));
        variables.put("PATH", uv.getParent() + ":" + variables.get("PATH"));
        variables.put("POETRY_HTTP_BASIC_LOCAL_USERNAME", PackageIndex.USER);
        variables.put("POETRY_HTTP_BASIC_LOCAL_PASSWORD", PackageIndex.PASSWORD);
        variables.put("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring");
        variables.put("UV_NO_INDEX", "1");
        variables.put("UV_FIND_LINKS", shared.resolve("wheels").toString());
        variables.put("UV_CACHE_DIR", shared.resolve("uv cache").toString());
        variables.put("UV_PYTHON_DOWNLOADS", "never");
        variables.put("CLEARML_BOOTSTRAP_UV_EXEC", uv.toString());
        variables.put("GIT_CONFIG_GLOBAL", "/dev/null");
        tool = shared.resolve("tool.git");
        PythonSources.of("tool").writeTo(tool);
        git("init", "--quiet", "--initial-branch=main");
        git("add", ".");
        git("-c", "user.name=test", "-c", "user.email=test@example.com", "commit", "--quiet", "--message", "First");
        git("tag", "v1");
    }

    private static void writePackages(Path wheels) {
        PythonWheel.of("alpha", "1.0").writeTo(wheels);
        PythonWheel.of("alpha", "1.5").writeTo(wheels);
        PythonWheel.of("beta", "1.0").writeTo(wheels);
        PythonWheel.of("beta", "2.0").writeTo(wheels);
        PythonWheel.of("gamma", "3.0").writeTo(wheels);
        PythonWheel.of("gamma", "4.0rc1").writeTo(wheels);
        new PythonWheel("delta", "1.0", List.of("beta", "gamma<4; extra == 'more'")).writeTo(wheels);
        new PythonWheel("delta", "2.0", List.of("alpha>=2", "gamma<4; extra == 'more'")).writeTo(wheels);
        PythonWheel.of("alpha", "2.0").writeTo(wheels);
    }

    @AfterAll
    static void stop() {
        if (index != null) {
            index.close();
        }
    }

    static List<FileCase> projects() throws IOException {
        try (InputStream stream = ProjectsDifferentialIT.class.getResourceAsStream("projects.txt")) {
            return FileCase.read(new String(Objects.requireNonNull(stream).readAllBytes(), StandardCharsets.UTF_8), "");
        }
    }

    @ParameterizedTest
    @MethodSource("projects")
    void theSamePackagesAreInstalled(FileCase project) throws Exception {
        String manager = project.words().getFirst();
        List<String> arguments = project.word("with ")
                .map(words -> List.of(words.split(" ", -1)))
                .orElse(List.of());
        Path ours = written(project, "ours");
        Path theirs = written(project, "theirs");

        Optional<String> installed = install(manager, ours, arguments);

        List<String> command = new ArrayList<>(List.of(pythonAgent.toString(), program(), manager, theirs.toString()));
        command.addAll(arguments);
        CommandResult asPython = run(command, theirs);
        assertThat(installed.isPresent()).as(asPython.errors()).isEqualTo(asPython.succeeded());
        if (installed.isPresent()) {
            assertThat(installed.get())
                    .isNotEmpty()
                    .isEqualTo(packages(theirs.resolve(".venv/bin/python").toString()));
        }
    }

    /** The project, locked with the older packages where it says so. */
    private Path written(FileCase project, String name) throws Exception {
        Path root = Files.createDirectories(folder.resolve(name));
        project.writeTo(root, ProjectsDifferentialIT::filled);
        Path changed = root.resolve("pyproject.toml" + CHANGED);
        if (project.words().contains("locked")) {
            Path newest = shared.resolve("wheels/alpha-2.0-py3-none-any.whl");
            Path aside = Files.move(newest, shared.resolve("aside"));
            try {
                CommandResult locked = run(
                        project.words().getFirst().equals("uv")
                                ? List.of(uv.toString(), "lock")
                                : List.of(RealPoetry.program().toString(), "lock", "--no-interaction"),
                        root,
                        Map.of(
                                "POETRY_CACHE_DIR",
                                shared.resolve("author's cache").toString()));
                assertThat(locked.succeeded()).as(locked.errors()).isTrue();
            } finally {
                Files.move(aside, newest);
            }
        }
        if (Files.exists(changed)) {
            Files.move(changed, root.resolve("pyproject.toml"), StandardCopyOption.REPLACE_EXISTING);
        }
        return root;
    }

    private static String filled(String text) {
        return text.replace("{index}", index.address())
                .replace("{git}", tool.toUri().toString())
                .replace("{backend:local}", PythonSources.of("local").backend())
                .replace("{backend:demo}", PythonSources.of("demo").backend());
    }

    private Optional<String> install(String manager, Path root, List<String> arguments) throws InterruptedException {
        TestContext context =
                TestContext.in(folder.resolve("agent")).with(variables).with(settings(manager, arguments));
        AgentPlugin plugin = manager.equals("uv") ? new UvPlugin() : new PoetryPlugin();
        PackageManager installer = plugin.packageManagers().stream()
                .filter(one -> one.name().equals(manager))
                .findFirst()
                .orElseThrow()
                .create(context);
        try {
            return Optional.of(packages(installer
                    .plan(new EnvironmentRequest(
                            "", Requirements.NONE, new SourceTree(root, root, true), new RecordedConsole()))
                    .build(folder.resolve("environment"))
                    .interpreter()
                    .toString()));
        } catch (AgentException e) {
            return Optional.empty();
        }
    }

    private static TestSettings settings(String manager, List<String> arguments) {
        AgentPlugin plugin = manager.equals("uv") ? new UvPlugin() : new PoetryPlugin();
        Setting<?> more = plugin.settings().stream()
                .filter(setting -> setting.key().matches(".*\\.(poetry_install|uv_sync)_extra_args"))
                .findFirst()
                .orElseThrow();
        return TestSettings.defaults().with(more, arguments);
    }

    private String packages(String python) throws InterruptedException {
        CommandResult listed = run(List.of(python, "-I", "-c", LIST), folder);
        assertThat(listed.succeeded()).as(listed.errors()).isTrue();
        return String.join("\n", listed.output().lines().sorted().toList());
    }

    private static String program() throws IOException {
        Path program = shared.resolve("python_agent.py");
        if (Files.notExists(program)) {
            try (InputStream source = ProjectsDifferentialIT.class.getResourceAsStream("python_agent.py")) {
                Files.copy(Objects.requireNonNull(source), program);
            }
        }
        return program.toString();
    }

    private static void git(String... arguments) throws InterruptedException {
        List<String> command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(arguments));
        CommandResult result = run(command, tool);
        assertThat(result.succeeded()).as(result.errors()).isTrue();
    }

    private static CommandResult run(List<String> command, Path directory) throws InterruptedException {
        return run(command, directory, Map.of());
    }

    private static CommandResult run(List<String> command, Path directory, Map<String, String> more)
            throws InterruptedException {
        return new ProcessCommandRunner(variables)
                .run(Command.of(command).directory(directory).environment(more).build());
    }
}
