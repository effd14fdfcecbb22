// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.poetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.process.Command;
import ml.clear.agent.api.process.CommandResult;
import ml.clear.agent.api.python.EnvironmentPlan;
import ml.clear.agent.api.python.EnvironmentRequest;
import ml.clear.agent.api.python.EnvironmentRequest.SourceTree;
import ml.clear.agent.api.python.PackageManager;
import ml.clear.agent.api.python.PackageSettings;
import ml.clear.agent.api.python.PythonEnvironment;
import ml.clear.agent.api.python.PythonSettings;
import ml.clear.agent.api.task.Requirements;
import ml.clear.agent.testkit.PackageIndex;
import ml.clear.agent.testkit.ProcessCommandRunner;
import ml.clear.agent.testkit.PythonWheel;
import ml.clear.agent.testkit.RecordedConsole;
import ml.clear.agent.testkit.TestContext;
import ml.clear.agent.testkit.TestSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Repositories with {@code poetry.lock} or {@code pyproject.toml}, installed by the real poetry from an index with a password. */
@Tag("thorough")
class PoetryProjectIT {

    private static final String PROJECT = """
            [tool.poetry]
            name = "demo"
            version = "0.1"
            description = ""
            authors = []
            package-mode = false

            [tool.poetry.dependencies]
            python = ">=3.9"
            alpha = "*"

            [tool.poetry.group.train]
            optional = true

            [tool.poetry.group.train.dependencies]
            gamma = "*"

            [[tool.poetry.source]]
            name = "local"
            url = "%s"
            priority = "primary"
            """;

    private final RecordedConsole console = new RecordedConsole();

    @TempDir
    Path temporary;

    private Path wheels;
    private Path sources;
    private PackageIndex index;
    private TestSettings settings = TestSettings.defaults();
    private TestContext context;

    @BeforeEach
    void prepare() throws Exception {
        wheels = temporary.resolve("wheels");
        PythonWheel.of("alpha", "1.0").writeTo(wheels);
        PythonWheel.of("gamma", "3.0").writeTo(wheels);
        index = PackageIndex.of(wheels);
        sources = Files.createDirectories(temporary.resolve("repository"));
        Map<String, String> variables = RealPoetry.variables(temporary.resolve("poetry cache"));
        variables.put("POETRY_HTTP_BASIC_LOCAL_USERNAME", PackageIndex.USER);
        variables.put("POETRY_HTTP_BASIC_LOCAL_PASSWORD", PackageIndex.PASSWORD);
        context = TestContext.in(Files.createDirectories(temporary.resolve("agent")))
                .with(variables);
    }

    @AfterEach
    void stop() {
        index.close();
    }

    private PackageManager manager() {
        return new PoetryPackageManager(context.with(settings));
    }

    private EnvironmentPlan plan(String... lines) throws InterruptedException {
        return plan(sources, lines);
    }

    private EnvironmentPlan plan(Path scriptFolder, String... lines) throws InterruptedException {
        return manager()
                .plan(new EnvironmentRequest(
                        "", Requirements.ofPip(List.of(lines)), new SourceTree(sources, scriptFolder, true), console));
    }

    private Path environment() {
        return temporary.resolve("environment");
    }

    private void project(String text) throws Exception {
        Files.writeString(sources.resolve("pyproject.toml"), text.formatted(index.address()));
    }

    private void lock() throws Exception {
        project(PROJECT);
        run(
                List.of(RealPoetry.program().toString(), "lock", "--no-interaction", "--quiet"),
                Map.of(
                        "POETRY_CACHE_DIR",
                        temporary.resolve("cache of the author").toString()));
    }

    private CommandResult run(List<String> command, Map<String, String> variables) throws InterruptedException {
        CommandResult result = new ProcessCommandRunner(context.environment())
                .run(Command.of(command)
                        .directory(sources)
                        .environment(variables)
                        .build());
        assertThat(result.exitCode()).as(result.output() + result.errors()).isZero();
        return result;
    }

    private String python(PythonEnvironment environment, String code) throws InterruptedException {
        List<String> command = new ArrayList<>(environment.launcher());
        command.addAll(List.of("-c", code));
        return run(command, environment.variables()).output().strip();
    }

    @Test
    void theVersionsOfTheLockFileAreInstalledIntoTheEnvironmentInWhichTheScriptRuns() throws Exception {
        lock();
        PythonWheel.of("alpha", "2.0").writeTo(wheels);

        PythonEnvironment environment = plan("alpha==2.0").build(environment());

        assertThat(environment.frozen().pip()).containsExactly("alpha==1.0");
        assertThat(python(environment, "import alpha, sys; print(alpha.VERSION, sys.prefix)"))
                .isEqualTo("1.0 " + environment());
        assertThat(sources.resolve(".venv")).doesNotExist();
        assertThat(temporary.resolve("poetry cache/virtualenvs")).doesNotExist();
        assertThat(console.text()).doesNotContain(PackageIndex.PASSWORD);
    }

    @Test
    void aCopyOfTheEnvironmentIsRestoredWithoutPoetry() throws Exception {
        lock();
        plan().build(environment());
        Path copy = temporary.resolve("copy");
        Files.move(environment(), copy);
        index.close();

        PythonEnvironment restored = plan().restore(copy, environment()).orElseThrow();

        assertThat(python(restored, "import alpha; print(alpha.__file__)")).startsWith(copy.toString());
        assertThat(restored.frozen().pip()).containsExactly("alpha==1.0");
    }

    @Test
    void aProjectThatIsAPackageIsInstalledFromTheSourcesOfEachTask() throws Exception {
        project(PROJECT.replace("package-mode = false\n", "packages = [{ include = \"own.py\" }]\n"));
        Files.writeString(sources.resolve("own.py"), "");
        plan().build(environment());
        Path copy = temporary.resolve("copy");
        Files.move(environment(), copy);
        Path before = sources;
        sources = temporary.resolve("another checkout");
        Files.move(before, sources);
        Files.delete(sources.resolve("poetry.lock"));
        PythonWheel.of("alpha", "2.0").writeTo(wheels);

        PythonEnvironment restored = plan().restore(copy, environment()).orElseThrow();

        assertThat(restored.frozen().pip()).contains("alpha==1.0", "-e .");
        assertThat(python(restored, "import own, alpha; print(own.__file__, alpha.VERSION)"))
                .isEqualTo(sources.toRealPath().resolve("own.py") + " 1.0");
    }

    @Test
    void aRepositoryWithALockFileIsClaimed() throws Exception {
        project(PROJECT);
        assertThat(manager().claims(new SourceTree(sources, sources, true))).isEmpty();
        Files.writeString(sources.resolve("poetry.lock"), "");

        assertThat(manager().claims(new SourceTree(sources, sources, true))).contains("poetry.lock");
    }

    @Test
    void aProjectWithoutLockFileIsInstalledAndTheConsoleSaysSo() throws Exception {
        project(PROJECT);

        assertThat(plan().build(environment()).frozen().pip()).containsExactly("alpha==1.0");
        assertThat(console.text()).contains("The repository has no poetry.lock; poetry chooses the versions");
    }

    @Test
    void moreArgumentsReachTheInstallationAlone() throws Exception {
        lock();
        settings = settings.with(PoetrySettings.INSTALL_ARGUMENTS, List.of("--with", "train"));

        assertThat(plan().build(environment()).frozen().pip()).containsExactly("alpha==1.0", "gamma==3.0");
        assertThat(temporary.resolve("poetry configuration")).doesNotExist();
        assertThat(sources.resolve("poetry.toml")).doesNotExist();
    }

    @Test
    void theProjectMayLieInTheFolderOfTheScript() throws Exception {
        Path root = sources;
        sources = Files.createDirectories(root.resolve("jobs"));
        lock();
        Path below = sources;
        sources = root;
        settings = settings.with(PoetrySettings.IN_SCRIPT_FOLDER, "true");

        assertThat(manager().claims(new SourceTree(root, below, true))).contains("poetry.lock");
        assertThat(plan(below).build(environment()).frozen().pip()).containsExactly("alpha==1.0");
    }

    @Test
    void aLockFileThatDoesNotFitFailsTheTask() throws Exception {
        lock();
        project(PROJECT.replace("alpha = \"*\"", "alpha = \"*\"\ngamma = \"*\""));
        EnvironmentPlan plan = plan();

        assertThat(catchThrowable(() -> plan.build(environment())))
                .hasMessage("poetry.lock does not fit pyproject.toml; run 'poetry lock' and commit the result");
    }

    @Test
    void aWrongPasswordIsReportedWithTheVariablesToSet() throws Exception {
        project(PROJECT);
        Map<String, String> variables = new HashMap<>(context.environment());
        variables.put("POETRY_HTTP_BASIC_LOCAL_PASSWORD", "wrong");
        context = context.with(variables);
        EnvironmentPlan plan = plan();

        assertThat(catchThrowable(() -> plan.build(environment())))
                .hasMessageContaining("refuses access")
                .hasMessageContaining("POETRY_HTTP_BASIC_LOCAL_PASSWORD");
    }

    @Test
    void everythingThatDecidesIsPartOfTheIdentity() throws Exception {
        project(PROJECT);
        Files.writeString(sources.resolve("poetry.lock"), "one\n");
        SortedMap<String, String> identity = plan().identity();
        TestSettings before = settings;

        for (TestSettings other : List.of(
                before.with(PoetrySettings.INSTALL_ARGUMENTS, List.of("--with", "train")),
                before.with(PackageSettings.SYSTEM_SITE_PACKAGES, "true"),
                before.with(PythonSettings.CUDA_VERSION, "12.4"))) {
            settings = other;
            assertThat(plan().identity()).isNotEqualTo(identity);
        }
        settings = before;
        assertThat(plan().identity()).isEqualTo(identity);
        Files.writeString(sources.resolve("poetry.lock"), "two\n");
        assertThat(plan().identity()).isNotEqualTo(identity);
    }

    @Test
    void aPoetryOfAnotherVersionIsNotUsed() throws Exception {
        project(PROJECT);
        Map<String, String> variables = new HashMap<>(context.environment());
        variables.put("PIP_NO_INDEX", "1");
        context = context.with(variables);
        settings = settings.with(PoetrySettings.VERSION, "0.0.1");

        assertThat(catchThrowable(() -> plan()))
                .isInstanceOfSatisfying(
                        AgentException.class,
                        error -> assertThat(error.code()).isEqualTo(ErrorCode.REQUIREMENTS_UNSATISFIABLE))
                .hasMessageContaining("'poetry==0.0.1', which the agent needs");
        assertThat(console.text()).contains("is not used, since '0.0.1' is wanted");
    }
}
