// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pythonsupport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.List;
import ml.clear.agent.api.error.AgentException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequirementsFileTest {

    @TempDir
    Path folder;

    private RequirementSet parse(String... lines) {
        return RequirementsFile.parse(List.of(lines), folder, "test");
    }

    private Requirement one(String line) {
        return parse(line).requirements().getFirst();
    }

    @Test
    void commentsAndBlankLinesAreDropped() {
        assertThat(parse("# all", "", "six  # why", "   ").requirements())
                .extracting(Requirement::text)
                .containsExactly("six");
    }

    @Test
    void aFragmentOfAnAddressIsNoComment() {
        assertThat(one("git+https://host/a.git#egg=Some.Name").name()).isEqualTo("some-name");
    }

    @Test
    void continuedLinesAreJoined() {
        assertThat(parse("six==1.16.0 \\", "    --hash=sha256:ab \\", "    --hash=sha256:cd")
                        .requirements())
                .singleElement()
                .satisfies(six -> {
                    assertThat(six.hashed()).isTrue();
                    assertThat(six.text()).endsWith("--hash=sha256:cd");
                });
    }

    @Test
    void filesThatAreIncludedAreReadRelativeToThemselvesAndOnlyOnce() throws Exception {
        Files.createDirectory(folder.resolve("requirements"));
        Files.writeString(folder.resolve("requirements/base.txt"), "six\n-r more.txt\n");
        Files.writeString(folder.resolve("requirements/more.txt"), "attrs\n-r base.txt\n");

        assertThat(parse("-r requirements/base.txt", "idna").requirements())
                .extracting(Requirement::name)
                .containsExactly("six", "attrs", "idna");
    }

    @Test
    void aMissingIncludedFileIsLeftOutWithANote() {
        RequirementSet parsed = parse("-r nowhere.txt", "six");

        assertThat(parsed.requirements()).hasSize(1);
        assertThat(parsed.notes()).singleElement().asString().contains("nowhere.txt");
    }

    @Test
    void aFileThatIsNoTextIsRefusedWithItsName() throws Exception {
        Files.write(folder.resolve("requirements.txt"), new byte[] {'s', (byte) 0xff, (byte) 0xfe});

        assertThatThrownBy(() -> RequirementsFile.read(folder.resolve("requirements.txt"), folder))
                .isInstanceOf(AgentException.class)
                .hasMessageContaining("requirements.txt");
    }

    @ParameterizedTest
    @CsvSource({"UTF-16LE, fffe", "UTF-16BE, feff", "UTF-8, efbbbf"})
    void filesAsWindowsWritesThemAreReadByTheirByteOrderMark(String charset, String mark) throws Exception {
        Path file = folder.resolve("windows.txt");
        Files.write(file, HexFormat.of().parseHex(mark));
        Files.write(file, "six\r\n# für alle\r\nidna\r\n".getBytes(charset), StandardOpenOption.APPEND);

        assertThat(RequirementsFile.read(file, folder).requirements())
                .extracting(Requirement::text)
                .containsExactly("six", "idna");
    }

    @Test
    void aFileMayNameItsEncodingAsPythonSourcesDo() throws Exception {
        Path file = folder.resolve("latin.txt");
        Files.writeString(file, "# -*- coding: latin-1 -*-\nsix  # für alle\n", StandardCharsets.ISO_8859_1);

        assertThat(RequirementsFile.read(file, folder).requirements())
                .extracting(Requirement::text)
                .containsExactly("six");
    }

    @Test
    void anEncodingThatDoesNotExistIsNamed() throws Exception {
        Path file = Files.writeString(folder.resolve("odd.txt"), "# coding=klingon\nsix\n");

        assertThatThrownBy(() -> RequirementsFile.read(file, folder))
                .isInstanceOf(AgentException.class)
                .hasMessageContainingAll("odd.txt", "'klingon'");
    }

    @Test
    void aPathInTheCodeOfAnEarlierRunIsThePathInThisOne() throws Exception {
        Path pkg = Files.createDirectories(folder.resolve("libs/own"));

        Requirement own = one("own @ file:///home/other/.clearml/venvs-builds/3.11/task_repository/r.git/libs/own");

        assertThat(own.text()).isEqualTo(pkg.toString());
        assertThat(own.kind()).isEqualTo(Requirement.Kind.FOLDER);
    }

    @Test
    void aPathInTheCodeOfAnEarlierRunIsNeverReplacedByAPackageOfTheIndex() {
        assertThatThrownBy(() -> one("own @ file:///home/o/.clearml/venvs-builds/ab/sources/task_repository/r.git/own"))
                .isInstanceOf(AgentException.class)
                .hasMessageContainingAll("'own'", "./own");
    }

    @Test
    void optionsAreKeptApart() {
        RequirementSet parsed = parse(
                "--extra-index-url=https://one/simple",
                "-i https://two/simple",
                "--pre",
                "--trusted-host three",
                "six");

        assertThat(parsed.options())
                .extracting(Requirement::text)
                .containsExactly(
                        "--extra-index-url https://one/simple",
                        "--index-url https://two/simple",
                        "--pre",
                        "--trusted-host three");
        assertThat(parsed.requirements()).hasSize(1);
    }

    @Test
    void constraintsAreFoundRelativeToTheFile() throws Exception {
        Files.writeString(folder.resolve("limits.txt"), "six<2\n");

        assertThat(parse("-c limits.txt").constraints()).containsExactly(folder.resolve("limits.txt"));
    }

    @Test
    void pathsAreMadeAbsolute() throws Exception {
        Files.createDirectories(folder.resolve("pkg"));

        assertThat(one("-e .").text()).isEqualTo("-e " + folder);
        assertThat(one("./pkg[extra]").text()).isEqualTo(folder.resolve("pkg") + "[extra]");
        assertThat(one("./pkg").kind()).isEqualTo(Requirement.Kind.FOLDER);
    }

    @Test
    void aFileAddressThatDoesNotExistFallsBackToTheName() {
        RequirementSet parsed = parse("torch @ file:///nowhere/torch_1");

        assertThat(parsed.requirements().getFirst().text()).isEqualTo("torch");
        assertThat(parsed.requirements().getFirst().kind()).isEqualTo(Requirement.Kind.PACKAGE);
    }

    @ParameterizedTest
    @CsvSource({
        "six, PACKAGE",
        "'six>=1 ; python_version < \"3\"', PACKAGE",
        "'name @ https://host/name-1.whl', ARCHIVE",
        "https://host/name-1-py3-none-any.whl, ARCHIVE",
        "git+ssh://git@host/a.git@v1, REPOSITORY",
        "'name @ git+https://host/a.git', REPOSITORY",
        "-e git+https://host/a.git#egg=a, REPOSITORY",
        "-e ., FOLDER"
    })
    void kindsAreToldApart(String line, Requirement.Kind kind) {
        assertThat(one(line).kind()).isEqualTo(kind);
    }

    @ParameterizedTest
    @CsvSource({
        "-e ., true",
        "git+https://host/a.git, true",
        "git+https://host/a.git@main, true",
        "git+https://host/a.git@0123456789abcdef0123456789abcdef01234567, false",
        "six, false"
    })
    void whatMayChangeWithoutItsLineIsKnown(String line, boolean movable) {
        assertThat(one(line).movable()).isEqualTo(movable);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Scikit_Learn == 1.0 | scikit-learn==1.0",
                "a (>=1, <2) | a<2,>=1",
                "a [X,y] >1;  python_version<\"3\" | a[x,y]>1; python_version<'3'",
                "six==1 --hash=sha256:b --hash=sha256:a | six==1 --hash=sha256:a --hash=sha256:b",
                "git+https://u:p@host/a.git | git+https://host/a.git"
            })
    void theNormalFormIsTheSameForWhatMeansTheSame(String line, String normal) {
        assertThat(one(line).normal()).isEqualTo(normal);
    }
}
