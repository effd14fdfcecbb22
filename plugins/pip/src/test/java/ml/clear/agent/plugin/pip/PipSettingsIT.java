// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pip;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import ml.clear.agent.api.process.Command;
import ml.clear.agent.api.process.CommandResult;
import ml.clear.agent.api.process.CommandRunner;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.api.python.EnvironmentRequest;
import ml.clear.agent.api.python.EnvironmentRequest.SourceTree;
import ml.clear.agent.api.python.PackageSettings;
import ml.clear.agent.api.python.PythonEnvironment;
import ml.clear.agent.api.task.Requirements;
import ml.clear.agent.testkit.PythonWheel;
import ml.clear.agent.testkit.RecordedConsole;
import ml.clear.agent.testkit.TestContext;
import ml.clear.agent.testkit.TestSettings;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the keys of the configuration change in what the real pip is asked for, with packages in a folder. */
class PipSettingsIT {

    private final RecordedConsole console = new RecordedConsole();

    @TempDir
    private Path temporary;

    private Path sources;
    private Path wheels;
    private Recording recording;

    @BeforeEach
    void prepare() throws Exception {
        wheels = temporary.resolve("wheels");
        for (String name : List.of("alpha", "beta", "gamma")) {
            PythonWheel.of(name, "1.0").writeTo(wheels);
        }
        PythonWheel.of("alpha", "2.0").writeTo(wheels);
        sources = Files.createDirectories(temporary.resolve("sources"));
    }

    @Test
    void indexesAndFlagsOfTheConfigurationReachEachInstallation() throws Exception {
        build(
                PipPackageManagerIT.settings()
                        .with(
                                PackageSettings.EXTRA_INDEX_URL,
                                List.of("https://a.invalid/simple", "https://b.invalid/simple"))
                        .with(PackageSettings.INSTALL_FLAGS, List.of("--pre --no-deps"))
                        .with(PackageSettings.FORCE_UPGRADE, true),
                Requirements.ofPip(List.of("alpha==1.0")));

        assertThat(recording.lists)
                .singleElement()
                .asString()
                .startsWith("--extra-index-url https://a.invalid/simple\n--extra-index-url https://b.invalid/simple\n");
        assertThat(recording.installations)
                .allSatisfy(words -> assertThat(words).contains("--pre", "--no-deps", "--upgrade"));
    }

    @Test
    void packagesAreInstalledInTheOrderOfTheConfigurationAndOptionalOnesMayFail() throws Exception {
        PythonEnvironment built = build(
                PipPackageManagerIT.settings()
                        .with(PackageSettings.PRIORITY_OPTIONAL_PACKAGES, List.of("absent-first"))
                        .with(PackageSettings.POST_PACKAGES, List.of("alpha"))
                        .with(PackageSettings.POST_OPTIONAL_PACKAGES, List.of("beta", "absent-last")),
                Requirements.ofPip(List.of("alpha==1.0", "absent-first", "beta", "absent-last", "gamma")));

        assertThat(recording.lists)
                .containsExactly("absent-first\n", "gamma\n", "alpha==1.0\n", "beta\n", "absent-last\n");
        assertThat(built.frozen().pip()).contains("alpha==1.0", "beta==1.0", "gamma==1.0");
        assertThat(console.text()).contains("Leaving out 'absent-first'", "Leaving out 'absent-last'");
    }

    @Test
    void theFilesOfTheRepositoryMayCountThoughTheTaskNamesItsOwn() throws Exception {
        Files.writeString(sources.resolve("requirements.txt"), "beta\n");

        PythonEnvironment built = build(
                PipPackageManagerIT.settings().with(PackageSettings.FORCE_REPOSITORY_FILES, true),
                Requirements.ofPip(List.of("alpha")));

        assertThat(built.frozen().pip()).contains("beta==1.0").doesNotContain("alpha==2.0");
    }

    @Test
    void theListFromBeforeTheFirstRunMayCount() throws Exception {
        PythonEnvironment built = build(
                PipPackageManagerIT.settings().with(PackageSettings.FORCE_ORIGINAL, true),
                new Requirements(List.of("alpha==2.0"), List.of(), List.of("alpha<2"), List.of()));

        assertThat(built.frozen().pip()).contains("alpha==1.0");
    }

    @Test
    void environmentsMaySeeThePackagesOfTheInterpreter() throws Exception {
        PythonEnvironment built = build(
                PipPackageManagerIT.settings().with(PackageSettings.SYSTEM_SITE_PACKAGES, true),
                Requirements.ofPip(List.of("alpha")));

        assertThat(built.folder().resolve("pyvenv.cfg")).content().contains("include-system-site-packages = true");
    }

    @Test
    void downloadsAreKeptInTheFolderOfTheConfigurationOrNotAtAll() throws Exception {
        Path folder = temporary.resolve("downloads");
        build(
                PipPackageManagerIT.settings().with(PackageSettings.DOWNLOAD_CACHE_FOLDER, folder),
                Requirements.ofPip(List.of("alpha")));
        assertThat(recording.variables)
                .allSatisfy(variables -> assertThat(variables).containsEntry("PIP_CACHE_DIR", folder.toString()));

        build(
                PipPackageManagerIT.settings().with(PackageSettings.DOWNLOAD_CACHE, false),
                Requirements.ofPip(List.of("alpha")));
        assertThat(recording.variables)
                .allSatisfy(variables -> assertThat(variables)
                        .containsEntry("PIP_NO_CACHE_DIR", "1")
                        .doesNotContainKey("PIP_CACHE_DIR"));
    }

    private PythonEnvironment build(TestSettings settings, Requirements requirements) throws Exception {
        TestContext context = TestContext.in(Files.createDirectories(temporary.resolve("agent")))
                .with(settings)
                .with(PipPackageManagerIT.only(wheels));
        recording = new Recording(context.commands());
        Path folder = Files.createTempDirectory(temporary, "environment");
        Files.delete(folder);
        return new PipPackageManager(context.with(recording))
                .plan(new EnvironmentRequest("", requirements, new SourceTree(sources, sources, true), console))
                .build(folder);
    }

    /** Runs commands and keeps what those that install are asked for. */
    private static final class Recording implements CommandRunner {

        private final List<String> lists = new ArrayList<>();
        private final List<List<String>> installations = new ArrayList<>();
        private final List<Map<String, String>> variables = new ArrayList<>();
        private final CommandRunner runner;

        Recording(CommandRunner runner) {
            this.runner = runner;
        }

        @Override
        public CommandResult run(Command command) throws InterruptedException {
            record(command);
            return runner.run(command);
        }

        @Override
        public CommandResult run(Command command, Console console) throws InterruptedException {
            record(command);
            return runner.run(command, console);
        }

        private void record(Command command) {
            List<String> words = command.arguments();
            int list = words.indexOf("-r");
            if (list < 0) {
                return;
            }
            try {
                lists.add(Files.readString(Path.of(words.get(list + 1))));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            installations.add(words);
            variables.add(new HashMap<>(command.environment()));
        }
    }
}
