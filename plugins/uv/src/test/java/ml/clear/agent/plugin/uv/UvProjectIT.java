// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.uv;

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
import ml.clear.agent.testkit.PythonSources;
import ml.clear.agent.testkit.PythonWheel;
import ml.clear.agent.testkit.RecordedConsole;
import ml.clear.agent.testkit.TestContext;
import ml.clear.agent.testkit.TestSettings;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Repositories with {@code uv.lock} or {@code pyproject.toml}, installed by the real uv from a folder of wheels. */
@Tag("thorough")
class UvProjectIT {

    private static final String PROJECT = """
            [project]
            name = "demo"
            version = "0.1"
            requires-python = ">=3.9"
            dependencies = ["alpha"]
            [dependency-groups]
            train = ["gamma"]
            """;

    private final RecordedConsole console = new RecordedConsole();

    @TempDir
    Path temporary;

    private Path wheels;
    private Path sources;
    private TestSettings settings;
    private TestContext context;

    @BeforeEach
    void prepare() throws Exception {
        wheels = temporary.resolve("wheels");
        PythonWheel.of("alpha", "1.0").writeTo(wheels);
        PythonWheel.of("gamma", "3.0").writeTo(wheels);
        sources = Files.createDirectories(temporary.resolve("repository"));
        settings = RealUv.settings();
        context = TestContext.in(Files.createDirectories(temporary.resolve("agent")))
                .with(RealUv.only(wheels, temporary.resolve("uv cache")));
    }

    private PackageManager manager() {
        return new UvPackageManager(context.with(settings));
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

    private CommandResult run(List<String> command, Map<String, String> variables) throws InterruptedException {
        CommandResult result = new ProcessCommandRunner(context.environment())
                .run(Command.of(command)
                        .directory(sources)
                        .environment(variables)
                        .build());
        assertThat(result.exitCode()).as(result.errors()).isZero();
        return result;
    }

    private String python(PythonEnvironment environment, String... arguments) throws InterruptedException {
        List<String> command = new ArrayList<>(environment.launcher());
        command.addAll(List.of(arguments));
        return run(command, environment.variables()).output().strip();
    }

    private void lock(String project) throws Exception {
        Files.writeString(sources.resolve("pyproject.toml"), project);
        run(List.of(RealUv.program().toString(), "lock", "--quiet"), Map.of());
    }

    @Test
    void theVersionsOfTheLockFileAreInstalledIntoTheEnvironmentOfTheTask() throws Exception {
        lock(PROJECT);
        PythonWheel.of("alpha", "2.0").writeTo(wheels);

        PythonEnvironment environment = plan("alpha==2.0").build(environment());

        assertThat(python(environment, "-c", "import alpha; print(alpha.VERSION)"))
                .isEqualTo("1.0");
        assertThat(environment.folder()).isEqualTo(environment());
        assertThat(sources.resolve(".venv")).doesNotExist();
        String freeze = run(
                        List.of(
                                RealUv.program().toString(),
                                "pip",
                                "freeze",
                                "--python",
                                environment.interpreter().toString()),
                        Map.of())
                .output();
        assertThat(environment.frozen().pip())
                .containsExactlyElementsOf(freeze.lines().toList());
    }

    @Test
    void aRepositoryWithALockFileIsClaimed() throws Exception {
        assertThat(manager().claims(new SourceTree(sources, sources, true))).isEmpty();
        Files.writeString(sources.resolve("uv.lock"), "");

        assertThat(manager().claims(new SourceTree(sources, sources, true))).contains("uv.lock");
    }

    @Test
    void aProjectWithoutLockFileIsResolvedOnceAndItsCopiesStayAsTheyAre() throws Exception {
        writeOwnPackage();
        PythonEnvironment built = plan().build(environment());
        assertThat(built.frozen().pip()).contains("alpha==1.0", "-e .");
        Path copy = temporary.resolve("copy");
        Files.move(environment(), copy);
        Path before = sources;
        sources = temporary.resolve("another checkout");
        Files.move(before, sources);
        Files.delete(sources.resolve("uv.lock"));
        PythonWheel.of("alpha", "2.0").writeTo(wheels);

        PythonEnvironment restored = plan().restore(copy, environment()).orElseThrow();

        assertThat(python(restored, "-c", "import own, alpha; print(own.__file__, alpha.VERSION)"))
                .isEqualTo(sources.toRealPath().resolve("own.py") + " 1.0");
        assertThat(restored.frozen().pip()).isEqualTo(built.frozen().pip());
    }

    @Test
    void aLockFileThatDoesNotFitIsReportedAndResolvedAnew() throws Exception {
        lock(PROJECT);
        Files.writeString(sources.resolve("pyproject.toml"), PROJECT.replace("\"alpha\"]", "\"alpha\", \"gamma\"]"));

        PythonEnvironment environment = plan().build(environment());

        assertThat(console.text()).contains("uv.lock does not fit pyproject.toml");
        assertThat(environment.frozen().pip()).contains("gamma==3.0");
    }

    @Test
    void withoutTheOptionTheLockFileIsBroughtUpToDateInSilence() throws Exception {
        lock(PROJECT);
        settings = settings.with(UvSettings.LOCKED, "false");
        Files.writeString(sources.resolve("pyproject.toml"), PROJECT.replace("\"alpha\"]", "\"alpha\", \"gamma\"]"));

        assertThat(plan().build(environment()).frozen().pip()).contains("gamma==3.0");
        assertThat(console.text()).doesNotContain("does not fit");
    }

    @Test
    void moreArgumentsReachTheInstallation() throws Exception {
        lock(PROJECT);
        settings = settings.with(UvSettings.SYNC_ARGUMENTS, List.of("--group", "train"));

        assertThat(plan().build(environment()).frozen().pip()).contains("gamma==3.0");
    }

    @Test
    void scriptsThatUvRunStartsGetTheirVariablesAndArguments() throws Exception {
        lock(PROJECT);
        settings = settings.with(UvSettings.RUN_ARGUMENTS, List.of("--offline"));
        Files.writeString(
                sources.resolve("train.py"),
                "import alpha, os, sys\nprint(sys.prefix, os.environ['CLEARML_TASK_ID'], sys.argv[1:])\n");

        PythonEnvironment environment = plan().build(environment());
        Map<String, String> variables = new HashMap<>(environment.variables());
        variables.put("CLEARML_TASK_ID", "0123");
        List<String> command = new ArrayList<>(environment.launcher());
        command.addAll(List.of("-u", "train.py", "--frozen", "a b"));

        assertThat(environment.launcher()).contains("run", "--offline");
        assertThat(run(command, variables).output().strip()).isEqualTo(environment() + " 0123 ['--frozen', 'a b']");
    }

    @Test
    void theProjectMayLieInTheFolderOfTheScript() throws Exception {
        Path below = Files.createDirectories(sources.resolve("jobs"));
        Files.writeString(below.resolve("pyproject.toml"), PROJECT);
        settings = settings.with(UvSettings.IN_SCRIPT_FOLDER, "true");

        assertThat(plan(below).build(environment()).frozen().pip()).contains("alpha==1.0");
    }

    @Test
    void filesThatDescribeNoProjectLeaveTheWorkToPip() throws Exception {
        Files.writeString(sources.resolve("pyproject.toml"), "[tool.black]\nline-length = 100\n");
        List<EnvironmentRequest> asked = new ArrayList<>();
        context = context.with("pip", request -> {
            asked.add(request);
            throw new AgentException(ErrorCode.PLUGIN_UNUSABLE, "pip was asked");
        });

        assertThat(catchThrowable(() -> plan("alpha"))).hasMessage("pip was asked");

        assertThat(asked).hasSize(1);
        assertThat(console.text())
                .contains(
                        "uv installs a list of requirements through pip, since the repository has neither uv.lock nor a "
                                + "project in pyproject.toml");
    }

    @Test
    void anInterpreterThatTheProjectDoesNotAllowIsReported() throws Exception {
        Files.writeString(sources.resolve("pyproject.toml"), PROJECT.replace(">=3.9", ">=3.99"));
        EnvironmentPlan plan = plan();

        assertThat(catchThrowable(() -> plan.build(environment())))
                .isInstanceOf(AgentException.class)
                .hasMessageContaining("incompatible with the project's Python requirement: `>=3.99`");
    }

    @Test
    void aTaskWhoseSdkTheProjectLacksIsWarned() throws Exception {
        lock(PROJECT);

        plan("clearml==1.16.0", "clearml-agent").build(environment());

        assertThat(console.text())
                .contains("The task requires clearml, which the project with 'uv.lock' does not install");
    }

    @Test
    void everythingThatDecidesIsPartOfTheIdentity() throws Exception {
        lock(PROJECT);
        SortedMap<String, String> identity = plan().identity();
        TestSettings before = settings;

        for (TestSettings other : List.of(
                before.with(UvSettings.SYNC_ARGUMENTS, List.of("--group", "train")),
                before.with(UvSettings.BEST_MATCH, "true"),
                before.with(PackageSettings.SYSTEM_SITE_PACKAGES, "true"),
                before.with(PackageSettings.EXTRA_INDEX_URL, List.of("https://packages.invalid/simple")),
                before.with(PythonSettings.CUDA_VERSION, "12.4"))) {
            settings = other;
            assertThat(plan().identity()).isNotEqualTo(identity);
        }
        settings = before;
        assertThat(plan().identity()).isEqualTo(identity);
        Files.writeString(sources.resolve("uv.lock"), Files.readString(sources.resolve("uv.lock")) + "# changed\n");
        assertThat(plan().identity()).isNotEqualTo(identity);
    }

    @Test
    void theFirstIndexThatHasAPackageWinsUnlessTheBestMatchIsWanted() throws Exception {
        Path other = temporary.resolve("other wheels");
        PythonWheel.of("alpha", "7.0").writeTo(other);
        try (PackageIndex first = PackageIndex.of(wheels);
                PackageIndex second = PackageIndex.of(other)) {
            Map<String, String> variables = RealUv.only(wheels, temporary.resolve("uv cache"));
            variables.remove("UV_NO_INDEX");
            variables.remove("UV_FIND_LINKS");
            variables.put("PIP_INDEX_URL", second.addressWithPassword());
            context = context.with(variables);
            settings = settings.with(PackageSettings.EXTRA_INDEX_URL, List.of(first.addressWithPassword()));
            Files.writeString(sources.resolve("pyproject.toml"), PROJECT);

            assertThat(plan().build(environment()).frozen().pip()).contains("alpha==1.0");
            Files.delete(sources.resolve("uv.lock"));
            settings = settings.with(UvSettings.BEST_MATCH, "true");
            EnvironmentPlan best = plan();
            assertThat(best.build(temporary.resolve("best")).frozen().pip()).contains("alpha==7.0");
            assertThat(best.identity().toString() + console.text()).doesNotContain(PackageIndex.PASSWORD);
        }
    }

    @Test
    void aProgramThatIsNoUvIsReported() throws Exception {
        settings = settings.with(UvSettings.PROGRAM, "/bin/false");
        Files.writeString(sources.resolve("pyproject.toml"), PROJECT);

        assertThat(catchThrowable(() -> plan()))
                .isInstanceOf(AgentException.class)
                .hasMessageContaining("'/bin/false' is no uv that runs");
    }

    @Test
    void aUvOnPathServesIfItsVersionFits() throws Exception {
        Files.writeString(sources.resolve("pyproject.toml"), PROJECT);
        Map<String, String> variables = new HashMap<>(context.environment());
        variables.put("PATH", RealUv.program().getParent() + ":" + variables.get("PATH"));
        variables.put("PIP_NO_INDEX", "1");
        context = context.with(variables);
        settings = TestSettings.defaults();
        assertThat(plan().identity()).containsEntry("uv", "0.13");

        settings = settings.with(UvSettings.VERSION, "==0.0.1");
        assertThat(catchThrowable(() -> plan()))
                .isInstanceOf(AgentException.class)
                .hasMessageContaining("'uv==0.0.1', which the agent needs");
    }

    private void writeOwnPackage() throws Exception {
        Files.writeString(
                sources.resolve("pyproject.toml"),
                PROJECT + "[build-system]\nrequires = []\nbuild-backend = 'backend'\nbackend-path = ['.']\n");
        Files.writeString(
                sources.resolve("backend.py"), PythonSources.of("demo").backend());
        Files.writeString(sources.resolve("own.py"), "");
    }
}
