// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pythonsupport;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import ml.clear.agent.plugin.pythonsupport.InstalledPackages.Installed;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FrozenRequirementsTest {

    private static final Optional<Version> PIP = Version.of("23.0");

    @TempDir
    Path root;

    @BeforeEach
    void makeSources() throws Exception {
        Files.createDirectories(root.resolve("local package"));
        Files.createDirectories(root.resolve("wheels"));
        Files.writeString(root.resolve("wheels/own-1.0-py3-none-any.whl"), "");
    }

    private FrozenRequirements frozen(String... lines) {
        return new FrozenRequirements(RequirementsFile.parse(List.of(lines), root, RequirementSources.TASK), root);
    }

    private Installed own(String path, boolean editable) {
        return new Installed(
                "own",
                Version.of("1.0").orElseThrow(),
                root.resolve(path).toUri().toString().replaceFirst("/$", ""),
                true,
                editable,
                false);
    }

    @ParameterizedTest
    @CsvSource({
        "./local package, local package, false, ./local package",
        "'./local package[extra] ; python_version > \"3\"', local package, false, './local package[extra] ; python_version > \"3\"'",
        "-e ., '', true, -e .",
        "-e ./local package, local package, true, -e ./local package",
        "./wheels/own-1.0-py3-none-any.whl, wheels/own-1.0-py3-none-any.whl, false, ./wheels/own-1.0-py3-none-any.whl"
    })
    void packagesOfTheTasksOwnCodeAreRecordedByTheirPathInIt(
            String line, String path, boolean editable, String recorded) {
        assertThat(frozen(line).of(List.of(own(path, editable)), PIP)).containsExactly(recorded);
    }

    @Test
    void aPackageOfTheCodeThatAnotherOneBringsIsRecordedByItsPathToo() {
        assertThat(frozen("six").of(List.of(own("local package", true)), PIP)).containsExactly("-e ./local package");
    }

    @Test
    void indexesAndOtherOptionsAreRecordedBeforeThePackages() {
        FrozenRequirements frozen =
                frozen("--extra-index-url https://packages.invalid/simple", "--find-links ./wheels", "--pre", "six");

        assertThat(frozen.of(
                        List.of(new Installed("six", Version.of("1.16.0").orElseThrow(), "", false, false, false)),
                        PIP))
                .containsExactly(
                        "--extra-index-url https://packages.invalid/simple",
                        "--find-links ./wheels",
                        "--pre",
                        "six==1.16.0");
    }

    @Test
    void passwordsInFilesOfTheRepositoryAreNotSentToTheServer() {
        RequirementSet required = RequirementsFile.parse(
                List.of("--extra-index-url https://ci:s3cr3t@packages.invalid/simple"), root, "requirements.txt");

        assertThat(new FrozenRequirements(required, root).of(List.of(), PIP))
                .containsExactly("--extra-index-url https://packages.invalid/simple");
    }

    @Test
    void digestsOfFilesAreKept() {
        assertThat(frozen("six==1.16.0 --hash=sha256:ab")
                        .of(
                                List.of(new Installed(
                                        "six", Version.of("1.16.0").orElseThrow(), "", false, false, false)),
                                PIP))
                .containsExactly("six==1.16.0 --hash=sha256:ab");
    }

    @Test
    void whatPipFreezeWritesIsRecordedTheSameWay() {
        List<String> lines = List.of(
                "six==1.16.0",
                "own @ " + root.resolve("local package").toUri().toString().replaceFirst("/$", ""),
                "# Editable install with no version control (other==1)",
                "-e " + root,
                "far @ git+https://host/far.git@0123456");

        assertThat(frozen("./local package", "-e .").ofFreeze(lines))
                .containsExactly("six==1.16.0", "./local package", "-e .", "far @ git+https://host/far.git@0123456");
    }

    @Test
    void aPathWhoseSetupScriptKeptNoOriginIsRecordedAndTheNameItInstalledIsNot() {
        FrozenRequirements frozen = frozen("./local package", "docopt");

        assertThat(frozen.of(
                        List.of(
                                new Installed("docopt", Version.of("0.6.2").orElseThrow(), "", false, false, true),
                                new Installed("own", Version.of("1.0").orElseThrow(), "", false, false, true),
                                new Installed("six", Version.of("1.16.0").orElseThrow(), "", false, false, false)),
                        PIP))
                .containsExactly("docopt==0.6.2", "six==1.16.0", "./local package");
        assertThat(frozen.ofFreeze(List.of("docopt==0.6.2", "own==1.0"))).containsExactly("./local package", "docopt");
    }

    @Test
    void withAPipThatKeepsNoOriginsTheTasksOwnLinesAreRecorded() {
        assertThat(frozen("./local package", "six")
                        .of(
                                List.of(
                                        new Installed("own", Version.of("1.0").orElseThrow(), "", false, false, false),
                                        new Installed(
                                                "six", Version.of("1.16.0").orElseThrow(), "", false, false, false)),
                                Version.of("19.3")))
                .containsExactly("./local package", "six");
    }
}
