// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import ml.clear.agent.api.process.Command;
import ml.clear.agent.api.process.CommandResult;
import ml.clear.agent.api.process.CommandRunner;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.api.python.EnvironmentPlan;
import ml.clear.agent.api.python.EnvironmentRequest;
import ml.clear.agent.api.python.EnvironmentRequest.SourceTree;
import ml.clear.agent.api.python.PackageManager;
import ml.clear.agent.api.python.PackageSettings;
import ml.clear.agent.api.python.PythonEnvironment;
import ml.clear.agent.api.task.Requirements;
import ml.clear.agent.testkit.PythonSources;
import ml.clear.agent.testkit.PythonWheel;
import ml.clear.agent.testkit.RecordedConsole;
import ml.clear.agent.testkit.TestContext;
import ml.clear.agent.testkit.TestSettings;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is particular to pip, with the real pip and packages in a folder. */
@Tag("thorough")
class PipPlanIT {

    private final RecordedConsole console = new RecordedConsole();

    @TempDir
    Path temporary;

    private Path sources;
    private TestContext context;
    private Recording recording;
    private PipPackageManager manager;

    @BeforeEach
    void prepare() throws Exception {
        Path wheels = temporary.resolve("wheels");
        PythonWheel.of("alpha", "1.0").writeTo(wheels);
        PythonWheel.of("alpha", "2.0").writeTo(wheels);
        sources = Files.createDirectories(temporary.resolve("sources"));
        context = TestContext.in(Files.createDirectories(temporary.resolve("agent")))
                .with(PipPackageManagerIT.settings())
                .with(PipPackageManagerIT.only(wheels));
        recording = new Recording(context.commands());
        manager = new PipPackageManager(context.with(recording));
    }

    private EnvironmentPlan plan(boolean repository, String... lines) throws InterruptedException {
        return manager.plan(new EnvironmentRequest(
                "", Requirements.ofPip(List.of(lines)), new SourceTree(sources, sources, repository), console));
    }

    private Path environment() {
        return temporary.resolve("environment");
    }

    @Test
    void filesOfTheRepositoryServeWhenTheTaskNamesNothing() throws Exception {
        Files.writeString(sources.resolve("requirements.txt"), "alpha==1.0\n");

        assertThat(plan(true).build(environment()).frozen().pip()).contains("alpha==1.0");
    }

    @Test
    void optionsAndHashesReachPip() throws Exception {
        EnvironmentPlan plan = plan(false, "--pre", "alpha==1.0 \\", "    --hash=sha256:" + "0".repeat(64));

        assertThat(catchThrowable(() -> plan.build(environment()))).hasMessageContaining("DO NOT MATCH THE HASHES");
    }

    @Test
    void constraintsLimitVersionsAndChangeTheIdentity() throws Exception {
        Files.writeString(sources.resolve("limits.txt"), "alpha<2\n");
        EnvironmentPlan plan = plan(false, "-c limits.txt", "alpha");
        Files.writeString(sources.resolve("limits.txt"), "alpha<1.5\n");

        assertThat(plan(false, "-c limits.txt", "alpha").identity()).isNotEqualTo(plan.identity());
        assertThat(plan.build(environment()).frozen().pip()).contains("alpha==1.0");
    }

    @Test
    void theNextEnvironmentBeginsWithTheModulesOfPipThatTheFirstOneCompiled() throws Exception {
        plan(false, "alpha==1.0").build(environment());
        Path next = temporary.resolve("next");

        plan(false, "alpha==2.0").build(next);

        Path compiled = compiledPip(environment());
        assertThat(next.resolve(environment().relativize(compiled)))
                .satisfies(
                        other -> assertThat(Files.isSameFile(compiled, other)).isTrue());
    }

    private static Path compiledPip(Path environment) throws IOException {
        try (Stream<Path> files = Files.walk(environment)) {
            return files.filter(file -> file.toString().contains("/pip/_internal/__pycache__/__init__."))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void noPasswordStandsOnACommandLine() throws Exception {
        EnvironmentPlan plan = plan(false, "--extra-index-url https://ci:s3cr3t@packages.invalid/simple", "alpha==1.0");

        plan.build(environment());

        assertThat(recording.commands)
                .isNotEmpty()
                .allSatisfy(command -> assertThat(command.arguments()).noneMatch(word -> word.contains("s3cr3t")));
        assertThat(console.text()).doesNotContain("s3cr3t");
        assertThat(environment().resolve("requirements-to-install.txt")).doesNotExist();
    }

    @Test
    void packagesFromTheTasksOwnSourcesComeFromThereAfterARestoreToo() throws Exception {
        new PythonSources("own", "first").writeTo(sources);
        EnvironmentPlan plan = plan(false, "alpha", "-e .");
        PythonEnvironment built = plan.build(environment());
        assertThat(run(built, "import own; print(own.WHO)")).isEqualTo("first");

        Path moved = temporary.resolve("moved");
        Files.move(environment(), moved);
        Files.writeString(sources.resolve("own.py"), "WHO = 'second'\n");
        PythonEnvironment restored = plan.restore(moved, environment()).orElseThrow();

        assertThat(run(restored, "import own; print(own.WHO)")).isEqualTo("second");
        assertThat(restored.frozen().pip()).contains("alpha==2.0");
    }

    @Test
    void whatAnEnvironmentOfTheTasksOwnCodeRecordsIsInstalledByAClone() throws Exception {
        Files.createDirectories(sources.resolve("wheels"));
        PythonWheel.of("gamma", "3.0").writeTo(sources.resolve("wheels"));
        new PythonSources("own", "local").writeTo(sources.resolve("local"));

        List<String> recorded = plan(true, "./local", "./wheels/gamma-3.0-py3-none-any.whl", "alpha")
                .build(environment())
                .frozen()
                .pip();

        assertThat(recorded).contains("./local", "./wheels/gamma-3.0-py3-none-any.whl", "alpha==2.0");
        assertThat(recorded).noneMatch(line -> line.contains("file:") || line.startsWith("own"));
        PythonEnvironment clone =
                plan(true, recorded.toArray(String[]::new)).build(temporary.resolve("environment of the clone"));
        assertThat(run(clone, "import own, gamma; print(own.WHO, gamma.VERSION)"))
                .isEqualTo("local 3.0");
        assertThat(clone.frozen().pip()).isEqualTo(recorded);
    }

    @Test
    void aPackageThatAnotherFolderOffersIsFoundByACloneToo() throws Exception {
        PythonWheel.of("delta", "4.0").writeTo(sources.resolve("offered"));

        List<String> recorded = plan(true, "--find-links ./offered", "delta")
                .build(environment())
                .frozen()
                .pip();

        assertThat(recorded).containsExactly("--find-links ./offered", "delta==4.0");
    }

    @Test
    void uvInstallsInPlaceOfPipWhereTheConfigurationSaysSo() throws Exception {
        EnvironmentPlan ofUv = plan(false, "alpha");
        PackageManager uv = request -> ofUv;
        TestSettings settings = PipPackageManagerIT.settings().with(PackageSettings.UV_REPLACE_PIP, "true");

        assertThat(new PipPackageManager(context.with(settings).with("uv-pip", uv))
                        .plan(new EnvironmentRequest(
                                "", Requirements.NONE, new SourceTree(sources, sources, false), console)))
                .isSameAs(ofUv);
        assertThat(console.text()).contains("uv installs in place of pip (agent.package_manager.uv_replace_pip)");
    }

    @Test
    void theResolverIsPartOfTheIdentity() throws Exception {
        SortedMap<String, String> identity = plan(false, "alpha").identity();
        TestSettings settings = PipPackageManagerIT.settings().with(PipSettings.LEGACY_RESOLVER, List.of(">=99"));

        assertThat(new PipPackageManager(context.with(settings))
                        .plan(new EnvironmentRequest(
                                "",
                                Requirements.ofPip(List.of("alpha")),
                                new SourceTree(sources, sources, false),
                                console))
                        .identity())
                .isNotEqualTo(identity);
    }

    @Test
    void firstTasksThatStartAtOnceInstallPipOnce() throws Exception {
        List<Future<PythonEnvironment>> builds = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
            for (int i = 0; i < 3; i++) {
                Path folder = temporary.resolve("environment " + i);
                // each has a manager of its own, as each agent on a machine does
                builds.add(threads.submit(() -> new PipPackageManager(context)
                        .plan(new EnvironmentRequest(
                                "", Requirements.NONE, new SourceTree(sources, sources, false), new RecordedConsole()))
                        .build(folder)));
            }
        }
        for (Future<PythonEnvironment> build : builds) {
            assertThat(run(build.get(), "import pip; print('pip')")).isEqualTo("pip");
        }
        try (Stream<Path> seeds = Files.list(context.cacheFolder().resolve("tools"))) {
            assertThat(seeds.filter(Files::isDirectory).filter(seed -> !seed.endsWith("locks")))
                    .hasSize(1);
        }
    }

    private String run(PythonEnvironment environment, String code) throws InterruptedException {
        CommandResult result = recording.run(Command.of(environment.launcher())
                .arguments(List.of("-c", code))
                .directory(temporary)
                .build());
        assertThat(result.exitCode()).as(result.errors()).isZero();
        return result.output().strip();
    }

    /** Runs commands and keeps them. */
    private static final class Recording implements CommandRunner {

        private final List<Command> commands = new CopyOnWriteArrayList<>();
        private final CommandRunner runner;

        Recording(CommandRunner runner) {
            this.runner = runner;
        }

        @Override
        public CommandResult run(Command command) throws InterruptedException {
            commands.add(command);
            return runner.run(command);
        }

        @Override
        public CommandResult run(Command command, Console console) throws InterruptedException {
            commands.add(command);
            return runner.run(command, console);
        }
    }
}
