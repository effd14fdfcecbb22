// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pythonsupport.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import ml.clear.agent.api.python.TorchSettings;
import ml.clear.agent.plugin.pythonsupport.Requirement;
import ml.clear.agent.plugin.pythonsupport.RequirementSet;
import ml.clear.agent.plugin.pythonsupport.RequirementsFile;
import ml.clear.agent.plugin.pythonsupport.torch.TorchSource.Answer;
import ml.clear.agent.testkit.RecordedConsole;
import ml.clear.agent.testkit.TestSettings;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TorchSourceTest {

    private final List<String> asked = new ArrayList<>();
    private final RecordedConsole console = new RecordedConsole();

    private TorchSource source(TestSettings settings, String existing) {
        return new TorchSource(
                TorchRules.of(settings),
                address -> {
                    asked.add(address);
                    return address.contains(existing) ? Answer.PRESENT : Answer.ABSENT;
                },
                InstantSource.system());
    }

    private static RequirementSet required(String... lines) {
        return RequirementsFile.parse(List.of(lines), Path.of("/"), "test");
    }

    @Test
    void theNextLowerCudaWithBuildsIsTaken() throws Exception {
        assertThat(source(TestSettings.defaults(), "cu121").option(required("torch"), 123, console))
                .contains("--extra-index-url https://download.pytorch.org/whl/cu121/");
        assertThat(asked).hasSize(3);
    }

    @Test
    void machinesWithoutCudaAskNothing() throws Exception {
        assertThat(source(TestSettings.defaults(), "").option(required("torch"), 0, console))
                .isEmpty();
        assertThat(asked).isEmpty();
    }

    @Test
    void tasksWithoutTorchAskNothing() throws Exception {
        assertThat(source(TestSettings.defaults(), "").option(required("numpy"), 124, console))
                .isEmpty();
        assertThat(asked).isEmpty();
    }

    @Test
    void torchMayBeTreatedAsAnyPackage() throws Exception {
        assertThat(source(TestSettings.defaults().with(TorchSettings.RESOLVE, "none"), "")
                        .option(required("torch"), 124, console))
                .isEmpty();
    }

    @Test
    void theSearchEndsAfterFifteenVersions() throws Exception {
        assertThat(source(TestSettings.defaults(), "nowhere").option(required("torch"), 124, console))
                .isEmpty();
        assertThat(asked).hasSize(15);
    }

    /** Line of the task, CUDA of the machine, way of searching, nightly builds, what exists; option and reason. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "torch            | 124 | pip    | false | /cu124/ | --extra-index-url https://download.pytorch.org/whl/cu124/ | for CUDA 12.4 from",
                "torch==2.3.1     | 124 | pip    | false | /cu121/ | --extra-index-url https://download.pytorch.org/whl/cu121/ | since this machine has CUDA 12.4",
                "torch            | 128 | pip    | false | /cu118/ | --extra-index-url https://download.pytorch.org/whl/cu118/ | for CUDA 11.8 from",
                "torch            | 126 | pip    | true  | /cu126/ | --extra-index-url https://download.pytorch.org/whl/nightly/cu126/ | for CUDA 12.6 from",
                "torchvision      | 118 | pip    | false | /cu118/ | --extra-index-url https://download.pytorch.org/whl/cu118/ | for CUDA 11.8 from",
                "torchaudio>=2    | 130 | pip    | false | /cu130/ | --extra-index-url https://download.pytorch.org/whl/cu130/ | for CUDA 13.0 from",
                "torch            | 117 | direct | false | /cu117/ | --find-links https://download.pytorch.org/whl/cu117/torch_stable.html | for CUDA 11.7 from",
                "torch            | 117 | direct | true  | /cu116/ | --find-links https://download.pytorch.org/whl/nightly/cu116/torch_nightly.html | for CUDA 11.6 from",
                "torch            | 124 | pip    | false | none    | - | has no builds for CUDA 12.4",
                "torch            | 124 | direct | false | none    | - | has no builds for CUDA 12.4",
                "torch            | 124 | none   | false | /cu124/ | - | like any other package",
                "torch            | 0   | pip    | false | /cu124/ | - | -",
                "numpy            | 124 | pip    | false | /cu124/ | - | -",
                "pytorch-lightning| 124 | pip    | false | /cu124/ | - | -",
                "torchmetrics     | 124 | pip    | false | /cu124/ | - | -",
                "torch @ https://host/torch-2.0-py3-none-any.whl | 124 | pip | false | /cu124/ | - | -"
            })
    void theDecisionIsShownInOneLine(
            String line,
            int cuda,
            String resolve,
            boolean nightly,
            String existing,
            @Nullable String option,
            @Nullable String reason)
            throws Exception {
        TestSettings settings =
                TestSettings.defaults().with(TorchSettings.RESOLVE, resolve).with(TorchSettings.NIGHTLY, nightly);

        assertThat(source(settings, existing).option(required(line), cuda, console))
                .isEqualTo(Optional.ofNullable(option));

        if (reason == null) {
            assertThat(console.text()).isEmpty();
        } else {
            assertThat(console.text().lines())
                    .singleElement()
                    .asString()
                    .startsWith("torch ")
                    .contains(reason);
        }
    }

    @Test
    void anIndexThatDoesNotAnswerIsAskedOnce() throws Exception {
        TorchSource source = new TorchSource(
                TorchRules.of(TestSettings.defaults()),
                address -> {
                    asked.add(address);
                    return Answer.UNREACHABLE;
                },
                InstantSource.system());

        assertThat(source.option(required("torch"), 124, console)).isEmpty();
        assertThat(asked).hasSize(1);
        assertThat(console.text()).contains("does not answer", "pytorch_resolve");
    }

    @Test
    void theSearchEndsWhenItTakesTooLong() throws Exception {
        AtomicLong seconds = new AtomicLong();
        TorchSource source = new TorchSource(
                TorchRules.of(TestSettings.defaults()),
                address -> {
                    asked.add(address);
                    return Answer.ABSENT;
                },
                () -> Instant.ofEpochSecond(seconds.addAndGet(5)));

        assertThat(source.option(required("torch"), 124, console)).isEmpty();
        assertThat(asked).hasSize(3);
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
