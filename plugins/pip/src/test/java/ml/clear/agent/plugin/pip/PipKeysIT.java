// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pip;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import ml.clear.agent.api.process.Command;
import ml.clear.agent.api.process.CommandResult;
import ml.clear.agent.api.process.CommandRunner;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.api.python.EnvironmentPlan;
import ml.clear.agent.api.python.EnvironmentRequest;
import ml.clear.agent.api.python.EnvironmentRequest.SourceTree;
import ml.clear.agent.api.python.PackageSettings;
import ml.clear.agent.api.task.Requirements;
import ml.clear.agent.testkit.RecordedConsole;
import ml.clear.agent.testkit.TestContext;
import ml.clear.agent.testkit.TestSettings;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What each key of the package manager changes about the calls of pip; the interpreter is real, pip's answers are not. */
@Tag("thorough")
class PipKeysIT {

    private final RecordedConsole console = new RecordedConsole();
    private final Calls calls = new Calls();

    @TempDir
    Path temporary;

    private Path sources;
    private TestSettings settings = PipPackageManagerIT.settings();

    @BeforeEach
    void prepare() throws IOException {
        sources = Files.createDirectories(temporary.resolve("sources"));
    }

    private EnvironmentPlan plan(Requirements requirements) throws InterruptedException {
        TestContext context =
                TestContext.in(temporary.resolve("agent")).with(settings).with(PipPackageManagerIT.only(temporary));
        calls.runner = context.commands();
        return new PipPackageManager(context.with(calls))
                .plan(new EnvironmentRequest("", requirements, new SourceTree(sources, sources, true), console));
    }

    /** The lists that pip is given, in order. */
    private List<List<String>> installed(String... lines) throws InterruptedException {
        plan(Requirements.ofPip(List.of(lines))).build(temporary.resolve("environment"));
        return calls.lists;
    }

    @Test
    void packagesForTheEndAreInstalledAfterTheOthers() throws Exception {
        settings = settings.with(PackageSettings.POST_PACKAGES, List.of("Horovod", "late"));

        assertThat(installed("horovod==0.1", "alpha", "late", "beta"))
                .containsExactly(List.of("alpha", "beta"), List.of("horovod==0.1", "late"));
    }

    @Test
    void optionalPackagesForTheEndAreTriedOneByOneAndMayFail() throws Exception {
        settings = settings.with(PackageSettings.POST_OPTIONAL_PACKAGES, List.of("extra", "more"));
        calls.failing = "extra";

        assertThat(installed("extra", "alpha", "more"))
                .containsExactly(List.of("alpha"), List.of("extra"), List.of("more"));
        assertThat(console.text()).contains("Leaving out 'extra', which is optional and cannot be installed");
    }

    @Test
    void optionalPackagesForTheStartAreTriedOneByOneAndMayFail() throws Exception {
        settings = settings.with(PackageSettings.PRIORITY_OPTIONAL_PACKAGES, List.of("pygobject"));
        calls.failing = "pygobject";

        assertThat(installed("alpha", "pygobject==3")).containsExactly(List.of("pygobject==3"), List.of("alpha"));
    }

    @Test
    void packagesForTheStartAreInstalledFirstWhenBuildingAllFails() throws Exception {
        settings = settings.with(PackageSettings.PRIORITY_PACKAGES, List.of("numpy"));
        calls.failingOnce = "Failed building wheel for alpha";

        assertThat(installed("alpha", "numpy"))
                .containsExactly(List.of("alpha", "numpy"), List.of("numpy"), List.of("alpha", "numpy"));
    }

    @Test
    void theFilesOfTheRepositoryMayCountMoreThanTheTasksList() throws Exception {
        Files.writeString(sources.resolve("requirements.txt"), "ours\n");
        assertThat(installed("theirs")).containsExactly(List.of("theirs"));
        calls.lists.clear();
        settings = settings.with(PackageSettings.FORCE_REPOSITORY_FILES, "true");

        plan(Requirements.ofPip(List.of("theirs"))).build(temporary.resolve("second"));

        assertThat(calls.lists).containsExactly(List.of("ours"));
    }

    @Test
    void theListFromBeforeTheFirstRunMayCount() throws Exception {
        settings = settings.with(PackageSettings.FORCE_ORIGINAL, "true");

        plan(new Requirements(List.of("installed==1"), List.of(), List.of("asked"), List.of()))
                .build(temporary.resolve("environment"));

        assertThat(calls.lists).containsExactly(List.of("asked"));
    }

    @Test
    void indexesStandBeforeTheRequirements() throws Exception {
        settings =
                settings.with(PackageSettings.EXTRA_INDEX_URL, "https://one.invalid/simple https://two.invalid/simple");

        assertThat(installed("alpha"))
                .containsExactly(List.of(
                        "--extra-index-url https://one.invalid/simple",
                        "--extra-index-url https://two.invalid/simple",
                        "alpha"));
    }

    @Test
    void moreOptionsAndUpgradesReachPip() throws Exception {
        settings = settings.with(PackageSettings.INSTALL_FLAGS, List.of("--prefer-binary"))
                .with(PackageSettings.FORCE_UPGRADE, "true");

        installed("alpha");

        assertThat(calls.pip.getFirst().arguments()).contains("--prefer-binary", "--upgrade");
    }

    @Test
    void environmentsMaySeeThePackagesOfTheirInterpreter() throws Exception {
        settings = settings.with(PackageSettings.SYSTEM_SITE_PACKAGES, "true");

        installed("alpha");

        assertThat(temporary.resolve("environment/pyvenv.cfg"))
                .content()
                .contains("include-system-site-packages = true");
    }

    @Test
    void theVersionOfPipIsTheOneOfTheConditionsWhoseMarkerHolds() throws Exception {
        settings = settings.with(
                PipSettings.PIP_VERSION, List.of("<9 ; python_version < '3'", ">=10 ; python_version >= '3'"));

        assertThat(plan(Requirements.NONE).identity()).containsEntry("pip", ">=10");
        assertThat(plan(Requirements.ofPip(List.of("pip==21.3"))).identity()).containsEntry("pip", "==21.3");
    }

    @Test
    void downloadsAreKeptInTheConfiguredFolderOrNotAtAll() throws Exception {
        Path cache = temporary.resolve("downloads");
        settings = settings.with(PackageSettings.DOWNLOAD_CACHE_FOLDER, cache.toString());
        installed("alpha");
        assertThat(calls.pip.getLast().environment()).containsEntry("PIP_CACHE_DIR", cache.toString());
        settings = settings.with(PackageSettings.DOWNLOAD_CACHE, "false");

        plan(Requirements.ofPip(List.of("alpha"))).build(temporary.resolve("second"));

        assertThat(calls.pip.getLast().environment())
                .containsEntry("PIP_NO_CACHE_DIR", "1")
                .doesNotContainKey("PIP_CACHE_DIR");
    }

    /** Answers in place of pip, and records what it is given. */
    private static final class Calls implements CommandRunner {

        private final List<Command> pip = new ArrayList<>();
        private final List<List<String>> lists = new ArrayList<>();
        private CommandRunner runner = TestContext.in(Path.of("")).commands();
        private String failing = "no line starts so";
        private String failingOnce = "";

        @Override
        public CommandResult run(Command command) throws InterruptedException {
            if (!command.arguments().contains("install")) {
                return runner.run(command);
            }
            pip.add(command);
            List<String> list = list(command);
            lists.add(list);
            if (!failingOnce.isEmpty()) {
                CommandResult result = new CommandResult(1, "", failingOnce);
                failingOnce = "";
                return result;
            }
            return new CommandResult(list.stream().anyMatch(line -> line.startsWith(failing)) ? 1 : 0, "", "");
        }

        @Override
        public CommandResult run(Command command, Console shown) throws InterruptedException {
            return run(command);
        }

        private static List<String> list(Command command) {
            try {
                return Files.readAllLines(Path.of(command.arguments().getLast()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
