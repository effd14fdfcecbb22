// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import ml.clear.agent.api.process.Command;
import ml.clear.agent.api.process.CommandResult;
import ml.clear.agent.api.process.CommandRunner;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.api.python.EnvironmentPlan;
import ml.clear.agent.api.python.EnvironmentRequest;
import ml.clear.agent.api.python.EnvironmentRequest.SourceTree;
import ml.clear.agent.api.python.PythonEnvironment;
import ml.clear.agent.api.task.Requirements;
import ml.clear.agent.testkit.PythonWheel;
import ml.clear.agent.testkit.RecordedConsole;
import ml.clear.agent.testkit.TestContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is particular to pip, with the real pip and packages in a folder. */
class PipPlanIT {

    /** Builds a wheel that points at the sources, with nothing but the standard library. */
    private static final String BACKEND = """
            import os, zipfile

            def build_editable(directory, config_settings=None, metadata_directory=None):
                name = 'own-1-py3-none-any.whl'
                with zipfile.ZipFile(os.path.join(directory, name), 'w') as wheel:
                    wheel.writestr('own.pth', os.getcwd())
                    wheel.writestr('own-1.dist-info/METADATA', 'Metadata-Version: 2.1\\nName: own\\nVersion: 1\\n')
                    wheel.writestr('own-1.dist-info/WHEEL', 'Wheel-Version: 1.0\\nTag: py3-none-any\\n')
                    wheel.writestr('own-1.dist-info/RECORD', 'own.pth,,\\nown-1.dist-info/METADATA,,\\n'
                            'own-1.dist-info/WHEEL,,\\nown-1.dist-info/RECORD,,\\n')
                return name

            build_wheel = build_editable
            """;

    private final RecordedConsole console = new RecordedConsole();

    @TempDir
    Path temporary;

    private Path sources;
    private Recording recording;
    private PipPackageManager manager;

    @BeforeEach
    void prepare() throws Exception {
        Path wheels = temporary.resolve("wheels");
        PythonWheel.of("alpha", "1.0").writeTo(wheels);
        PythonWheel.of("alpha", "2.0").writeTo(wheels);
        sources = Files.createDirectories(temporary.resolve("sources"));
        TestContext context = TestContext.in(Files.createDirectories(temporary.resolve("agent")))
                .with(PipPackageManagerIT.settings())
                .with(PipPackageManagerIT.only(wheels));
        recording = new Recording(context.commands());
        manager = PipPackageManager.of(context.with(recording));
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

        assertThat(plan(true).build(environment()).frozen()).contains("alpha==1.0");
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
        assertThat(plan.build(environment()).frozen()).contains("alpha==1.0");
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
        Files.writeString(
                sources.resolve("pyproject.toml"),
                "[build-system]\nrequires = []\nbuild-backend = 'backend'\nbackend-path = ['.']\n");
        Files.writeString(sources.resolve("backend.py"), BACKEND);
        Files.writeString(sources.resolve("own.py"), "WHO = 'first'\n");
        EnvironmentPlan plan = plan(false, "alpha", "-e .");
        PythonEnvironment built = plan.build(environment());
        assertThat(run(built, "import own; print(own.WHO)")).isEqualTo("first");

        Path moved = temporary.resolve("moved");
        Files.move(environment(), moved);
        Files.writeString(sources.resolve("own.py"), "WHO = 'second'\n");
        PythonEnvironment restored = plan.restore(moved);

        assertThat(run(restored, "import own; print(own.WHO)")).isEqualTo("second");
        assertThat(restored.frozen()).contains("alpha==2.0");
    }

    private String run(PythonEnvironment environment, String code) throws InterruptedException {
        CommandResult result = recording.run(Command.of(environment.python())
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
