// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.conda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.config.ValueTypes;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.process.Command;
import ml.clear.agent.api.process.CommandResult;
import ml.clear.agent.api.python.EnvironmentPlan;
import ml.clear.agent.api.python.EnvironmentRequest;
import ml.clear.agent.api.python.EnvironmentRequest.SourceTree;
import ml.clear.agent.api.python.EnvironmentRequest.Target;
import ml.clear.agent.api.python.PackageManager;
import ml.clear.agent.api.python.PythonEnvironment;
import ml.clear.agent.api.python.PythonSettings;
import ml.clear.agent.api.task.Requirements;
import ml.clear.agent.testkit.CondaChannel;
import ml.clear.agent.testkit.ProcessCommandRunner;
import ml.clear.agent.testkit.PythonWheel;
import ml.clear.agent.testkit.RecordedConsole;
import ml.clear.agent.testkit.TestContext;
import ml.clear.agent.testkit.TestSettings;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Environments that the real py-rattler and the real pip make from a local channel and local wheels. */
@Tag("thorough")
class CondaPlanIT {

    private static final String CUDA_BUILD = "cuda121_0";

    private static final Setting<List<String>> LEGACY_RESOLVER = Setting.of(
            "agent.package_manager.pip_legacy_resolver",
            ValueTypes.list(ValueTypes.TEXT),
            List.of(),
            "Which versions of pip ignore that packages exclude each other");

    @TempDir
    private static Path shared;

    private static String channel = "";
    private static Path wheels = Path.of("");

    @TempDir
    private Path temporary;

    private Path folder = Path.of("");
    private Path sources = Path.of("");
    private final RecordedConsole console = new RecordedConsole();

    @BeforeAll
    static void writePackages() throws InterruptedException {
        channel = CondaChannel.withPython()
                .withModule("alpha", "1.0")
                .withModule("alpha", "2.0")
                .withModule("beta", "1.5", "alpha <2")
                .withModule("epsilon", "1.0")
                .withModule("epsilon", "1.5")
                .withModule("delta", "1.0", "epsilon >=1.5")
                .withPrefixedFiles("holder")
                .withFile("pytorch", "2.1", CUDA_BUILD, CondaChannel.system(), "__cuda")
                .withFile("pytorch", "2.1", "cpu_0", CondaChannel.system())
                .withFile("cpuonly", "1.0", "0", "noarch")
                .withFile("appnope", "1.0", "0", "osx-64")
                .withFile("appnope", "1.0", "0", "win-64")
                .withFile("zeta", "1.0", "0", CondaChannel.system())
                .withFile("zeta", "2.0", "0", "osx-64")
                .writeTo(shared.resolve("channel"));
        wheels = shared.resolve("wheels");
        PythonWheel.of("gamma", "1.0").writeTo(wheels);
        PythonWheel.of("torch", "2.1").writeTo(wheels);
        PythonWheel.of("torchvision", "0.16").writeTo(wheels);
        PythonWheel.of("alpha", "3.0").writeTo(wheels);
        new PythonWheel("upgrader", "1.0", List.of("alpha>=3")).writeTo(wheels);
    }

    @BeforeEach
    void makeFolders() throws IOException {
        folder = temporary.toRealPath();
        sources = Files.createDirectories(folder.resolve("sources"));
    }

    private static TestSettings settings() {
        return TestSettings.defaults()
                .with(CondaSettings.CHANNELS, channel)
                .with(CondaSettings.RECORD_PACKAGES, true)
                .with(PythonSettings.CPU_ONLY, true);
    }

    private PackageManager manager(TestSettings settings) {
        return CondaContext.of(TestContext.in(folder.resolve("agent")), wheels, settings)
                .manager();
    }

    private EnvironmentRequest request(Requirements requirements) {
        return request(requirements, new Target.New(), "");
    }

    private EnvironmentRequest request(Requirements requirements, Target target, String image) {
        return new EnvironmentRequest("", requirements, new SourceTree(sources, sources, true), target, image, console);
    }

    private static Requirements conda(List<String> conda, String... pip) {
        return new Requirements(List.of(pip), conda, List.of(), List.of());
    }

    private PythonEnvironment build(TestSettings settings, Requirements requirements) throws InterruptedException {
        return manager(settings).plan(request(requirements)).build(folder.resolve("environment"));
    }

    private static String output(PythonEnvironment environment, String... command) throws InterruptedException {
        CommandResult result = new ProcessCommandRunner(System.getenv())
                .run(Command.of(command).environment(environment.variables()).build());
        assertThat(result.exitCode()).as(result.errors()).isZero();
        return result.output().strip();
    }

    @Test
    void packagesOfTheListAreDividedBetweenChannelsAndPipAndRecordedAsThePythonAgentDoes() throws Exception {
        PythonEnvironment environment = build(settings(), Requirements.ofPip(List.of("beta", "gamma")));

        assertThat(console.text()).contains("'gamma' is in no channel; pip installs it");
        assertThat(environment.frozen().pip())
                .containsExactly("# Conda Packages", "alpha==1.0", "beta==1.5", "# pip Packages", "gamma==1.0");
        assertThat(environment.frozen().conda())
                .contains("alpha==1.0", "beta==1.5")
                .anyMatch(line -> line.startsWith("python=="));
        assertThat(environment.frozen().recorded()).isTrue();
    }

    @Test
    void thePackagesThatAreRecordedAreThoseThatRattlerReports() throws Exception {
        PythonEnvironment environment = build(settings(), Requirements.ofPip(List.of("beta")));

        String reported = output(
                environment,
                SharedRattler.python(console).toString(),
                "-c",
                """
                import pathlib, sys, rattler
                for file in sorted(pathlib.Path(sys.argv[1], "conda-meta").glob("*.json")):
                    record = rattler.PrefixRecord.from_path(file)
                    print("%s==%s" % (record.name.normalized, record.version))
                """,
                environment.folder().toString());
        assertThat(environment.frozen().conda())
                .containsExactlyInAnyOrderElementsOf(reported.lines().toList());
    }

    @Test
    void packagesAreRecordedInTheTaskOnlyWithFullUpdates() throws Exception {
        PythonEnvironment environment =
                build(settings().with(CondaSettings.RECORD_PACKAGES, false), Requirements.ofPip(List.of("alpha==1.0")));

        assertThat(environment.frozen().recorded()).isFalse();
        assertThat(environment.frozen().pip()).contains("alpha==1.0");
    }

    @Test
    void theEnvironmentFileOfTheRepositoryIsBuiltWithItsPipSectionItsChannelsAndVariables() throws Exception {
        Files.writeString(sources.resolve("environment.yml"), """
                channels: ["%s"]
                dependencies:
                  - alpha=1.0
                  - pip:
                      - -r more.txt
                variables:
                  SPEED: 3
                """.formatted(channel));
        Files.writeString(sources.resolve("more.txt"), "gamma\n");
        Files.writeString(sources.resolve("requirements.txt"), "no-such-package\n");

        PythonEnvironment environment = build(
                settings()
                        .with(CondaSettings.CHANNELS, shared.resolve("channel").toUri() + "x/.."),
                Requirements.NONE);

        assertThat(environment.frozen().pip()).contains("alpha==1.0", "gamma==1.0");
        assertThat(environment.variables()).containsEntry("SPEED", "3");
        assertThat(manager(settings()).claims(new SourceTree(sources, sources, true)))
                .contains("environment.yml");
    }

    @Test
    void aWholeEnvironmentOfATaskIsBuiltWithItsListsAndWithTheBuildsOfThisSystem() throws Exception {
        String whole = """
                {"channels": ["%s"],
                 "dependencies": ["alpha=1.0=py39hdbf815f_7", "appnope=1.0=0", {"pip": ["gamma==1.0"]}]}
                """.formatted(channel);
        Requirements requirements =
                new Requirements(List.of("alpha==2.0"), List.of("beta"), List.of(), List.of(), whole);

        PythonEnvironment environment = build(settings().with(CondaSettings.CHANNELS, List.of()), requirements);

        assertThat(environment.frozen().conda()).contains("alpha==1.0", "beta==1.5");
        assertThat(environment.frozen().pip()).contains("gamma==1.0");
    }

    @Test
    void requirementsFilesOfTheRepositoryAreDividedToo() throws Exception {
        Files.writeString(sources.resolve("requirements.txt"), "alpha<2\ngamma\n");

        assertThat(build(settings(), Requirements.NONE).frozen().pip()).contains("alpha==1.0", "gamma==1.0");
    }

    @Test
    void packagesAndBuildsOfAnotherSystemInTheListAreLeftOutOrReplaced() throws Exception {
        PythonEnvironment environment =
                build(settings(), conda(List.of("alpha=1.0=py39hdbf815f_7", "appnope=1.0=py39_0"), "alpha==1.0"));

        assertThat(console.text()).contains("'appnope ==1.0' exists for other systems only and is left out");
        assertThat(environment.frozen().conda()).contains("alpha==1.0").noneMatch(line -> line.startsWith("appnope"));
    }

    @Test
    void aPinOfTheListForCondaIsNeverBuiltByPip() throws Exception {
        EnvironmentPlan plan = manager(settings()).plan(request(conda(List.of("gamma=1.0"))));

        assertThatThrownBy(() -> plan.build(folder.resolve("environment")))
                .isInstanceOfSatisfying(
                        AgentException.class,
                        error -> assertThat(error.code()).isEqualTo(ErrorCode.REQUIREMENTS_UNSATISFIABLE))
                .hasMessage("no channel has 'gamma 1.0.*' (the task's requirements) for " + CondaChannel.system()
                        + "; the channels are " + channel);
    }

    @Test
    void aVersionThatOnlyAnotherSystemHasIsAnErrorWhereThisSystemHasThePackage() throws Exception {
        EnvironmentPlan plan = manager(settings()).plan(request(conda(List.of("zeta=2.0"))));

        assertThatThrownBy(() -> plan.build(folder.resolve("environment")))
                .isInstanceOf(AgentException.class)
                .hasMessageStartingWith("no channel has 'zeta 2.0.*' (the task's requirements) for ");
    }

    @Test
    void anEnvironmentFileThatCannotBeReadStopsOnlyTasksThatNeedIt() throws Exception {
        Files.writeString(sources.resolve("environment.yml"), "dependencies: python\n");

        assertThat(build(settings(), Requirements.ofPip(List.of("alpha==1.0")))
                        .frozen()
                        .pip())
                .contains("alpha==1.0");
        assertThat(console.text())
                .contains("'environment.yml' has a member 'dependencies' that is no list; correct the file. "
                        + "Its channels and variables are not used");
        assertThatThrownBy(() -> manager(settings()).plan(request(Requirements.NONE)))
                .hasMessageStartingWith("'environment.yml' has a member 'dependencies' that is no list");
    }

    @Test
    void packagesThatExcludeEachOtherAreAnErrorWithTheSolversReason() throws Exception {
        EnvironmentPlan plan = manager(settings()).plan(request(conda(List.of("alpha=2.0", "beta"))));

        assertThatThrownBy(() -> plan.build(folder.resolve("environment")))
                .isInstanceOfSatisfying(
                        AgentException.class,
                        error -> assertThat(error.code()).isEqualTo(ErrorCode.REQUIREMENTS_UNSATISFIABLE))
                .hasMessageStartingWith("the packages exclude each other: Cannot solve the request because of: ")
                .hasMessageContaining("alpha");
        assertThat(console.text()).contains("cannot be installed because there are no viable options");
    }

    @Test
    void exactVersionsOfPipsListAreLoosenedOnlyWhenNothingElseSolves() throws Exception {
        Requirements requirements = Requirements.ofPip(List.of("epsilon==1.0", "delta==1.0"));

        PythonEnvironment environment = build(settings(), requirements);

        assertThat(console.text())
                .contains("Trying again with any compatible release of the packages that are listed for pip");
        assertThat(environment.frozen().conda()).contains("epsilon==1.5", "delta==1.0");
    }

    @Test
    void pipDoesNotReplaceWhatCameFromAChannel() throws Exception {
        EnvironmentPlan plan = manager(settings().with(LEGACY_RESOLVER, List.of()))
                .plan(request(Requirements.ofPip(List.of("alpha==2.0", "upgrader==1.0"))));

        assertThatThrownBy(() -> plan.build(folder.resolve("environment")))
                .isInstanceOf(AgentException.class)
                .hasMessageContaining("'upgrader==1.0'")
                .hasMessageContaining("conflicting dependencies");
    }

    @Test
    void torchAndItsCompanionsComeFromOneInstaller() throws Exception {
        PythonEnvironment environment =
                build(settings(), Requirements.ofPip(List.of("torch==2.1", "torchvision==0.16")));

        assertThat(environment.frozen().pip()).contains("torch==2.1", "torchvision==0.16");
        assertThat(environment.frozen().conda()).noneMatch(line -> line.startsWith("pytorch"));
        assertThat(console.text()).contains("'pytorch ==2.1' is installed by pip too, so that both are of one build");
    }

    @Test
    void aMachineWithCudaGetsTheBuildForItAndOneWithoutGetsTheOther() throws Exception {
        PythonEnvironment cpu = build(settings(), Requirements.ofPip(List.of("torch==2.1")));
        assertThat(cpu.folder().resolve("share/pytorch.txt")).hasContent("cpu_0");

        PythonEnvironment gpu = manager(
                        settings().with(PythonSettings.CPU_ONLY, false).with(PythonSettings.CUDA_VERSION, "12.4"))
                .plan(request(Requirements.ofPip(List.of("torch==2.1"))))
                .build(folder.resolve("with cuda"));
        assertThat(gpu.folder().resolve("share/pytorch.txt")).hasContent(CUDA_BUILD);
    }

    @Test
    void aCopyHasItsOwnPathInTextsProgramsAndCommandsAndTheVariablesOfItsPackages() throws Exception {
        PackageManager manager = manager(settings());
        Requirements requirements = Requirements.ofPip(List.of("holder", "alpha==1.0", "gamma"));
        Path original = folder.resolve("environment-a");
        Path copy = folder.resolve("environment-b");
        manager.plan(request(requirements)).build(original);
        Files.move(original, copy);

        PythonEnvironment environment =
                manager.plan(request(requirements)).restore(copy, original).orElseThrow();

        assertThat(copy.resolve("share/holder/place.txt")).hasContent("it is at " + copy + "/share");
        assertThat(Files.readString(copy.resolve("share/holder/program.bin"), StandardCharsets.ISO_8859_1))
                .contains(copy + "/lib\0")
                .doesNotContain(original.toString());
        assertThat(output(environment, copy.resolve("bin/holder").toString())).isEqualTo(copy.toString());
        assertThat(output(environment, copy.resolve("bin/gamma").toString())).isEqualTo("gamma 1.0");
        assertThat(environment.variables())
                .containsEntry("HOLDER_HOME", copy + "/share")
                .containsEntry("CONDA_PREFIX", copy.toString());
    }

    @Test
    void aProgramWhosePathWouldBecomeLongerIsBuiltAnew() throws Exception {
        PackageManager manager = manager(settings());
        Requirements requirements = Requirements.ofPip(List.of("holder"));
        Path original = folder.resolve("short");
        Path copy = folder.resolve("much longer than before");
        manager.plan(request(requirements)).build(original);
        Files.move(original, copy);

        assertThat(manager.plan(request(requirements)).restore(copy, original)).isEmpty();
    }

    @Test
    void packagesOfTheTasksOwnSourcesAreInstalledAnewInACopy() throws Exception {
        PackageManager manager = manager(settings());
        Requirements requirements = Requirements.ofPip(List.of("alpha==1.0", "./package"));
        writeSetup("1.0");
        Path original = folder.resolve("environment-a");
        Path copy = folder.resolve("environment-b");
        manager.plan(request(requirements)).build(original);
        Files.move(original, copy);
        writeSetup("2.0");

        PythonEnvironment environment =
                manager.plan(request(requirements)).restore(copy, original).orElseThrow();

        assertThat(output(environment, environment.interpreter().toString(), "-c", "import mine; print(mine.VERSION)"))
                .isEqualTo("2.0");
        assertThat(environment.frozen().pip()).contains("./package");
    }

    /** A package that needs nothing to be built: its build backend lies beside it. */
    private void writeSetup(String version) throws IOException {
        Path project = Files.createDirectories(sources.resolve("package"));
        Files.writeString(project.resolve("pyproject.toml"), """
                [build-system]
                requires = []
                build-backend = "backend"
                backend-path = ["."]
                """);
        Files.writeString(project.resolve("backend.py"), """
                import os, zipfile
                def build_wheel(folder, config_settings=None, metadata_directory=None):
                    name = "mine-%1$s-py3-none-any.whl"
                    with zipfile.ZipFile(os.path.join(folder, name), "w") as wheel:
                        wheel.writestr("mine.py", "VERSION = '%1$s'\\n")
                        wheel.writestr("mine-%1$s.dist-info/METADATA", "Metadata-Version: 2.1\\nName: mine\\nVersion: %1$s\\n")
                        wheel.writestr("mine-%1$s.dist-info/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
                        wheel.writestr("mine-%1$s.dist-info/RECORD", "mine.py,,\\n")
                    return name
                """.formatted(version));
    }

    @Test
    void aReadyEnvironmentIsUsedAsItIs() throws Exception {
        Path ready =
                build(settings(), Requirements.ofPip(List.of("alpha==1.0"))).folder();

        PythonEnvironment environment = manager(settings().with(CondaSettings.READY_ENVIRONMENT, ready.toString()))
                .plan(request(Requirements.ofPip(List.of("no-such-package"))))
                .build(folder.resolve("of the task"));

        assertThat(environment.interpreter()).isEqualTo(ready.resolve("bin/python"));
        assertThat(environment.frozen().pip()).contains("alpha==1.0");
    }

    @Test
    void theImageOfATaskMayBeThePathOfAReadyEnvironment() throws Exception {
        Path ready =
                build(settings(), Requirements.ofPip(List.of("alpha==1.0"))).folder();
        EnvironmentRequest request =
                request(Requirements.ofPip(List.of("alpha==2.0")), new Target.New(), ready.toString());

        TestSettings on = settings().with(CondaSettings.IMAGE_IS_ENVIRONMENT, true);
        assertThat(manager(on).plan(request).build(folder.resolve("one")).interpreter())
                .isEqualTo(ready.resolve("bin/python"));
        assertThat(manager(settings())
                        .plan(request)
                        .build(folder.resolve("two"))
                        .frozen()
                        .pip())
                .contains("alpha==2.0");
    }

    @Test
    void anArchiveOfAnEnvironmentIsUnpackedAndGetsTheTasksPackages() throws Exception {
        Path ready =
                build(settings(), Requirements.ofPip(List.of("alpha==1.0"))).folder();
        Path archive = folder.resolve("ready.tar.gz");
        CommandResult packed = new ProcessCommandRunner(System.getenv())
                .run(Command.of("tar", "-czf", archive.toString(), "-C", ready.toString(), ".")
                        .build());
        assertThat(packed.succeeded()).isTrue();

        PythonEnvironment environment = manager(settings().with(CondaSettings.READY_ENVIRONMENT, archive.toString()))
                .plan(request(Requirements.ofPip(List.of("gamma"))))
                .build(folder.resolve("of the task"));

        assertThat(environment.frozen().pip()).contains("alpha==1.0", "gamma==1.0");
        assertThat(environment.interpreter()).isEqualTo(folder.resolve("of the task/bin/python"));
    }

    @Test
    void aFolderWithoutAnEnvironmentIsRefusedWithTheKey() throws Exception {
        EnvironmentPlan plan = manager(settings().with(CondaSettings.READY_ENVIRONMENT, sources.toString()))
                .plan(request(Requirements.NONE));

        assertThatThrownBy(() -> plan.build(folder.resolve("environment")))
                .hasMessageContaining("'" + sources + "' holds no conda environment with Python")
                .hasMessageContaining("agent.package_manager.conda_env_package");
    }

    @Test
    void theBaseEnvironmentNeedsAnInstalledClient() {
        assertThatThrownBy(() -> manager(settings().with(CondaSettings.BASE_ENVIRONMENT, true))
                        .plan(request(Requirements.NONE)))
                .isInstanceOfSatisfying(
                        AgentException.class, error -> assertThat(error.code()).isEqualTo(ErrorCode.PROGRAM_MISSING))
                .hasMessageContaining("unset agent.package_manager.use_conda_base_env");
    }

    @Test
    void anInterpreterOutsideOfCondaGetsAllPackagesFromPip() throws Exception {
        CommandResult made = new ProcessCommandRunner(System.getenv())
                .run(Command.of(
                                "python3",
                                "-m",
                                "venv",
                                folder.resolve("virtual").toString())
                        .build());
        assertThat(made.succeeded()).as(made.errors()).isTrue();
        Path python = folder.resolve("virtual/bin/python");

        PythonEnvironment environment = manager(settings())
                .plan(request(Requirements.ofPip(List.of("gamma")), new Target.Existing(python.toString()), ""))
                .build(folder.resolve("work"));

        assertThat(environment.frozen().pip()).containsExactly("gamma==1.0");
    }

    @Test
    void aChannelThatCannotBeReachedIsNamed() throws Exception {
        EnvironmentPlan plan = manager(settings().with(CondaSettings.CHANNELS, "http://ci:s3cr3t@127.0.0.1:9/lab"))
                .plan(request(Requirements.NONE));

        assertThatThrownBy(() -> plan.build(folder.resolve("environment")))
                .isInstanceOfSatisfying(
                        AgentException.class, error -> assertThat(error.code()).isEqualTo(ErrorCode.SERVER_UNAVAILABLE))
                .hasMessageStartingWith("cannot reach a channel at '127.0.0.1:9': ")
                .hasMessageNotContaining("s3cr3t");
        assertThat(plan.identity().toString() + console.text()).doesNotContain("s3cr3t");
    }

    @Test
    void identityDiffersWithChannelsCudaAndTheEnvironmentFile() throws Exception {
        Requirements requirements = Requirements.ofPip(List.of("alpha"));
        List<Map<String, String>> identities = new ArrayList<>();
        identities.add(manager(settings()).plan(request(requirements)).identity());
        identities.add(manager(settings().with(CondaSettings.CHANNELS, channel + " other"))
                .plan(request(requirements))
                .identity());
        identities.add(
                manager(settings().with(PythonSettings.CPU_ONLY, false).with(PythonSettings.CUDA_VERSION, "12.4"))
                        .plan(request(requirements))
                        .identity());
        Files.writeString(sources.resolve("environment.yml"), "dependencies: [alpha]\n");
        identities.add(manager(settings()).plan(request(Requirements.NONE)).identity());

        assertThat(identities).doesNotHaveDuplicates();
    }
}
