// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pythonsupport;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import ml.clear.agent.api.storage.StorageAddress;
import ml.clear.agent.plugin.pythonsupport.InstalledPackages.Installed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StoredFileTest {

    private static final String DIGEST = "#sha256=" + "ab".repeat(32);

    private static Requirement read(String line) {
        return RequirementsFile.parse(List.of(line), Path.of("/code"), "requirements.txt")
                .requirements()
                .getFirst();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "s3://b/alpha-1.0-py3-none-any.whl | alpha | alpha @ file:///f/x.whl",
                "s3://b/w/My_Package-1.0-1-cp311-cp311-linux_x86_64.whl | my-package | my-package @ file:///f/x.whl",
                "gs://b/alpha-beta-1.0.tar.gz | alpha-beta | alpha-beta @ file:///f/x.whl",
                "azure://account/c/alpha-1.0-py3-none-any.whl ; python_version > '3' | alpha"
                        + " | alpha @ file:///f/x.whl ; python_version > '3'",
                "s3://host:9000/b/alpha-1.0-py3-none-any.whl[gpu] | alpha | alpha[gpu] @ file:///f/x.whl",
                "alpha[gpu] @ s3://b/any.whl | alpha | alpha[gpu] @ file:///f/x.whl",
                "alpha @ s3://b/alpha.zip --hash=sha256:12 | alpha | alpha @ file:///f/x.whl --hash=sha256:12",
                "s3://b/package.zip | '' | file:///f/x.whl"
            })
    void theAddressIsReplacedByTheLocalFileAndTheRestStays(String line, String name, String local) {
        Requirement requirement = read(line);

        assertThat(requirement.kind()).isEqualTo(Requirement.Kind.ARCHIVE);
        assertThat(requirement.name()).isEqualTo(name);
        assertThat(requirement.text()).isEqualTo(line);
        assertThat(requirement.stored().orElseThrow().local(Path.of("/f/x.whl")))
                .isEqualTo(local);
    }

    @Test
    void theDigestOfALineIsNoPartOfTheAddress() {
        StoredFile file =
                read("s3://b/alpha-1.0-py3-none-any.whl" + DIGEST).stored().orElseThrow();

        assertThat(file.address()).isEqualTo(StorageAddress.parse("s3://b/alpha-1.0-py3-none-any.whl"));
        assertThat(file.digest()).isEqualTo("ab".repeat(32));
        assertThat(file.local(Path.of("/f/x.whl"))).isEqualTo("alpha @ file:///f/x.whl" + DIGEST);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://host/alpha-1.0-py3-none-any.whl",
                "alpha @ http://host/alpha.zip",
                "alpha @ file:///alpha.whl",
                "git+https://host/alpha.git",
                "alpha==1.0",
                "./alpha-1.0-py3-none-any.whl"
            })
    void whatInstallersFetchThemselvesIsLeftToThem(String line) {
        assertThat(read(line).stored()).isEmpty();
    }

    @Test
    void whatIsRecordedIsTheOriginalAddress() {
        String line = "s3://b/alpha-1.0-py3-none-any.whl";
        RequirementSet required = RequirementsFile.parse(List.of(line), Path.of("/code"), "requirements.txt");
        Installed installed = new Installed(
                "alpha",
                Version.of("1.0").orElseThrow(),
                "file:///cache/alpha-1.0-py3-none-any.whl",
                false,
                false,
                false);

        assertThat(new FrozenRequirements(required, Path.of("/code")).of(List.of(installed), Version.of("24.0")))
                .containsExactly(line);
    }
}
