// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pip;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import ml.clear.agent.plugin.pythonsupport.Requirement;
import ml.clear.agent.plugin.pythonsupport.RequirementSet;
import ml.clear.agent.plugin.pythonsupport.RequirementsFile;
import ml.clear.agent.testkit.TestSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TorchSourceTest {

    private final List<String> asked = new ArrayList<>();

    private TorchSource source(TestSettings settings, String existing) {
        return new TorchSource(TorchSettings.of(settings), address -> {
            asked.add(address);
            return address.contains(existing);
        });
    }

    private static RequirementSet required(String... lines) {
        return RequirementsFile.parse(List.of(lines), Path.of("/"), "test");
    }

    @Test
    void theNextLowerCudaWithBuildsIsTaken() throws Exception {
        assertThat(source(TestSettings.defaults(), "cu121").option(required("torch"), 123))
                .contains("--extra-index-url https://download.pytorch.org/whl/cu121/");
        assertThat(asked).hasSize(3);
    }

    @Test
    void machinesWithoutCudaAskNothing() throws Exception {
        assertThat(source(TestSettings.defaults(), "").option(required("torch"), 0))
                .isEmpty();
        assertThat(asked).isEmpty();
    }

    @Test
    void tasksWithoutTorchAskNothing() throws Exception {
        assertThat(source(TestSettings.defaults(), "").option(required("numpy"), 124))
                .isEmpty();
        assertThat(asked).isEmpty();
    }

    @Test
    void torchMayBeTreatedAsAnyPackage() throws Exception {
        assertThat(source(TestSettings.defaults().with(TorchSettings.RESOLVE, "none"), "")
                        .option(required("torch"), 124))
                .isEmpty();
    }

    @Test
    void theSearchEndsAfterFifteenVersions() throws Exception {
        assertThat(source(TestSettings.defaults(), "nowhere").option(required("torch"), 124))
                .isEmpty();
        assertThat(asked).hasSize(15);
    }

    @ParameterizedTest
    @CsvSource({
        "torch==2.1.0+cu118, torch==2.1.0.*",
        "torch==2.1, torch==2.1",
        "torch>=2, torch>=2",
        "six==1.0.0, six==1.0.0"
    })
    void pinsOfOtherBuildsAreLoosened(String line, String loosened) {
        assertThat(TorchSource.loosened(required(line)).requirements())
                .extracting(Requirement::text)
                .containsExactly(loosened);
    }

    @ParameterizedTest
    @CsvSource({"11.2, 112", "112, 112", "12.4.1, 124", "12, 120", "0, 0", "none, 0", "'', 0"})
    void versionsOfCudaBecomeDigits(String text, int digits) {
        assertThat(CudaVersion.digits(text)).isEqualTo(digits);
    }
}
