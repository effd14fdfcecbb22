// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.conda;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import ml.clear.agent.plugin.pythonsupport.RequirementsFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CondaSpecTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "numpy | numpy",
                "NumPy=1.21 | numpy 1.21.*",
                "numpy=1.21.* | numpy 1.21.*",
                "numpy==1.21.0 | numpy ==1.21.0",
                "numpy=1.21.0=py39h20f2e39_0 | numpy ==1.21.0 py39h20f2e39_0",
                "numpy==1.21.0=py39_0 | numpy ==1.21.0 py39_0",
                "numpy 1.21.0 py39_0 | numpy ==1.21.0 py39_0",
                "numpy 1.21 | numpy ==1.21",
                "numpy >=1.20, <2 | numpy >=1.20,<2",
                "numpy>=1.20 | numpy >=1.20",
                "numpy~=1.20 | numpy ~=1.20",
                "conda-forge::numpy=1.21 | conda-forge::numpy 1.21.*",
                "conda-forge/osx-64::numpy | conda-forge::numpy",
                "pytorch=*=*cuda* | pytorch * *cuda*",
                "pytorch[version='>=2',build='*cuda*'] | pytorch >=2 *cuda*",
                "ruamel.yaml=0.17 | ruamel.yaml 0.17.*",
                "https://channel.invalid/forge/osx-64/numpy-1.21.0-py39_0.conda | https://channel.invalid/forge::numpy ==1.21.0 py39_0"
            })
    void dependenciesAreReadInEachOfCondasForms(String line, String read) {
        assertThat(CondaSpec.parse(line).map(CondaSpec::toString)).contains(read);
    }

    @ParameterizedTest
    @ValueSource(strings = {"numpy (1.21)", "a b c d", "numpy=1=2=3"})
    void otherTextIsNoDependency(String line) {
        assertThat(CondaSpec.parse(line)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "numpy | numpy",
                "numpy == 1.21.0 | numpy ==1.21.0",
                "numpy>=1.20,<2 | numpy >=1.20,<2",
                "numpy==1.21.* | numpy 1.21.*",
                "numpy (>=1.20) | numpy >=1.20",
                "Scikit_Learn~=1.0 | scikit-learn ~=1.0",
                "torch==2.1.0+cu118 | torch ==2.1.0+cu118"
            })
    void requirementsOfAnIndexAreReadAsDependencies(String line, String read) {
        assertThat(ofRequirement(line).map(CondaSpec::toString)).contains(read);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "uvicorn[standard]==0.20",
                "six==1.16 --hash=sha256:00",
                "six===1.16",
                "six @ https://index.invalid/six.whl"
            })
    void whatAChannelCannotExpressIsNoDependency(String line) {
        assertThat(ofRequirement(line)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            value = {
                "clearml # clearml",
                "clearml=1.14 # clearml==1.14.*",
                "clearml==1.14.1 # clearml==1.14.1",
                "clearml >=1,<2 # clearml>=1,<2",
                "clearml 1.14|1.15 # clearml"
            })
    void dependenciesAreWrittenForPip(String line, String written) {
        assertThat(CondaSpec.parse(line).orElseThrow().requirement()).isEqualTo(written);
    }

    @Test
    void onlyExactVersionsAreLoosened() {
        assertThat(CondaSpec.parse("a==1.2.3").orElseThrow().loosened()).hasToString("a ~=1.2.3");
        assertThat(CondaSpec.parse("a==1").orElseThrow().loosened()).hasToString("a ==1");
        assertThat(CondaSpec.parse("a>=1.2").orElseThrow().loosened()).hasToString("a >=1.2");
    }

    private static Optional<CondaSpec> ofRequirement(String line) {
        return CondaSpec.of(RequirementsFile.parse(List.of(line), Path.of("/"), "test")
                .requirements()
                .getFirst());
    }
}
