// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pythonsupport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
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
