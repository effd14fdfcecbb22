// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pythonsupport.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.python.TorchSettings;
import ml.clear.agent.plugin.pythonsupport.Interpreter;
import ml.clear.agent.plugin.pythonsupport.Requirement;
import ml.clear.agent.plugin.pythonsupport.RequirementSet;
import ml.clear.agent.plugin.pythonsupport.RequirementsFile;
import ml.clear.agent.plugin.pythonsupport.Version;
import ml.clear.agent.plugin.pythonsupport.torch.Accelerator.Kind;
import ml.clear.agent.plugin.pythonsupport.torch.TorchSource.Answer;
import ml.clear.agent.testkit.TestSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TorchSourceTest {

    private static final String INDEX = "https://download.pytorch.org/whl/";

    private final List<String> asked = new ArrayList<>();

    @TempDir
    Path folder;

    private TorchSource source(TestSettings settings, String existing) {
        return new TorchSource(
                settings,
                address -> {
                    asked.add(address);
                    if (existing.equals("down")) {
                        return Answer.UNREACHABLE;
                    }
                    return existing.equals("all") || address.contains(existing) ? Answer.PRESENT : Answer.ABSENT;
                },
                InstantSource.system());
    }

    private static RequirementSet required(String... lines) {
        return RequirementsFile.parse(List.of(lines), Path.of("/"), "the task's requirements");
    }

    private static Interpreter python(String version, String machine) {
        return new Interpreter(
                Path.of("/usr/bin/python3"),
                Version.of(version).orElseThrow(),
                "cpython",
                "linux-" + machine,
                Path.of("/usr/bin/python3"),
                List.of(),
                List.of(),
                "",
                "",
                Map.of("python_version", version, "platform_machine", machine));
    }

    private static Accelerator accelerator(String text) {
        String[] words = text.split(" ", -1);
        Kind kind = Kind.valueOf(words[0].toUpperCase(Locale.ROOT));
        return kind == Kind.CPU
                ? Accelerator.none("this machine has no GPU that its driver reports")
                : new Accelerator(
                        kind,
                        Version.of(words[1]).orElseThrow(),
                        "driver 550.54 supports " + words[0] + " " + words[1]);
    }

    private static TestSettings settings(String text) {
        TestSettings settings = TestSettings.defaults();
        for (String word : text.split(" ", -1)) {
            settings = switch (word) {
                case "direct", "none" -> settings.with(TorchSettings.RESOLVE, word);
                case "nightly" -> settings.with(TorchSettings.NIGHTLY, "true");
                case "allow" -> settings.with(TorchSettings.ALLOW_CPU, "true");
                case "mirror" ->
                    settings.with(TorchSettings.INDEX, "https://ci:s3cr3t@mirror.invalid/cu{}")
                            .with(TorchSettings.NIGHTLY_ROCM_INDEX, "https://ci:s3cr3t@mirror.invalid/night/rocm{}")
                            .with(TorchSettings.NIGHTLY_PAGE, "https://ci:s3cr3t@mirror.invalid/night/cu{}.html");
                default -> settings;
            };
        }
        return settings;
    }

    /**
     * Lines of the task, Python, accelerator, settings, what exists (all, nothing, down, or a part of an address); the lines to be
     * installed, the option, and a part of the reason or of the error.
     */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // a release for a driver: the newest build that the driver supports
                "torch==2.3.1 | 3.11 | cuda 12.4 | - | all | torch==2.3.1+cu121 | cu121 | torch 2.3.1 for CUDA 12.1 from https://download.pytorch.org/whl/cu121/, because driver 550.54 supports cuda 12.4",
                "torch==2.3.1 | 3.11 | cuda 12.1 | - | all | torch==2.3.1+cu121 | cu121 | for CUDA 12.1",
                "torch==2.3.1 | 3.11 | cuda 12.0 | - | all | torch==2.3.1+cu118 | cu118 | for CUDA 11.8",
                "torch==2.3.1 | 3.11 | cuda 11.8 | - | all | torch==2.3.1+cu118 | cu118 | for CUDA 11.8",
                "torch==2.5.1 | 3.12 | cuda 12.4 | - | all | torch==2.5.1+cu124 | cu124 | for CUDA 12.4",
                "torch==2.5.1 | 3.12 | cuda 12.3 | - | all | torch==2.5.1+cu121 | cu121 | for CUDA 12.1",
                "torch==2.6.0 | 3.13 | cuda 12.6 | - | all | torch==2.6.0+cu126 | cu126 | for CUDA 12.6",
                "torch==2.6.0 | 3.13 | cuda 12.5 | - | all | torch==2.6.0+cu124 | cu124 | for CUDA 12.4",
                "torch==2.7.1 | 3.13 | cuda 12.8 | - | all | torch==2.7.1+cu128 | cu128 | for CUDA 12.8",
                "torch==2.8.0 | 3.13 | cuda 13.0 | - | all | torch==2.8.0+cu129 | cu129 | for CUDA 12.9",
                "torch==2.9.1 | 3.14 | cuda 13.0 | - | all | torch==2.9.1+cu130 | cu130 | for CUDA 13.0",
                "torch==1.13.1 | 3.10 | cuda 12.4 | - | all | torch==1.13.1+cu117 | cu117 | for CUDA 11.7",
                "torch==1.12.1 | 3.9 | cuda 11.4 | - | all | torch==1.12.1+cu113 | cu113 | for CUDA 11.3",
                "torch==1.10.2 | 3.8 | cuda 10.2 | - | all | torch==1.10.2+cu102 | cu102 | for CUDA 10.2",
                "torch==1.8.1 | 3.8 | cuda 11.1 | - | all | torch==1.8.1+cu111 | cu111 | for CUDA 11.1",
                "torch==2.0 | 3.11 | cuda 12.2 | - | all | torch==2.0.0+cu118 | cu118 | torch 2.0.0",
                // conditions: the newest release that fits request, Python and driver
                "torch | 3.11 | cuda 12.4 | - | all | torch==2.6.0+cu124 | cu124 | torch 2.6.0 for CUDA 12.4",
                "torch | 3.11 | cuda 12.1 | - | all | torch==2.5.1+cu121 | cu121 | torch 2.5.1",
                "torch | 3.11 | cuda 11.8 | - | all | torch==2.7.1+cu118 | cu118 | torch 2.7.1",
                "torch | 3.8 | cuda 12.8 | - | all | torch==2.4.1+cu124 | cu124 | torch 2.4.1",
                "torch | 3.14 | cuda 13.0 | - | all | torch==2.11.0+cu130 | cu130 | torch 2.11.0",
                "torch | 3.14 | cuda 12.9 | - | all | torch==2.11.0+cu128 | cu128 | torch 2.11.0 for CUDA 12.8",
                "torch==2.10.0 & torchvision | 3.10 | cuda 12.7 | - | all | torch==2.10.0+cu126 & torchvision==0.25.0+cu126 | cu126 | torch 2.10.0 for CUDA 12.6",
                "torch>=2.1,<2.3 | 3.11 | cuda 12.4 | - | all | torch==2.2.2+cu121 | cu121 | torch 2.2.2",
                "torch~=2.4.0 | 3.11 | cuda 12.4 | - | all | torch==2.4.1+cu124 | cu124 | torch 2.4.1",
                "torch!=2.6.0 | 3.11 | cuda 12.4 | - | all | torch==2.5.1+cu124 | cu124 | torch 2.5.1",
                "torch<2 | 3.10 | cuda 11.6 | - | all | torch==1.13.1+cu116 | cu116 | torch 1.13.1",
                // builds of another machine, extras, markers
                "torch==2.1.0+cu118 | 3.11 | cuda 12.4 | - | all | torch==2.1.0+cu121 | cu121 | for CUDA 12.1",
                "torch==2.1.0+cpu | 3.11 | cuda 12.4 | - | all | torch==2.1.0+cu121 | cu121 | for CUDA 12.1",
                "torch[opt-einsum]==2.3.1 | 3.11 | cuda 12.4 | - | all | torch[opt-einsum]==2.3.1+cu121 | cu121 | for CUDA 12.1",
                "torch==2.3.1; python_version < '3.12' | 3.11 | cuda 12.4 | - | all | torch==2.3.1+cu121 ; python_version < '3.12' | cu121 | for CUDA 12.1",
                "torch==2.3.1; python_version > '3.12' | 3.11 | cuda 12.4 | - | all | torch==2.3.1; python_version > '3.12' | - | -",
                // companions are of the same release
                "torch==2.3.1 & torchvision & torchaudio | 3.11 | cuda 12.4 | - | all | torch==2.3.1+cu121 & torchvision==0.18.1+cu121 & torchaudio==2.3.1+cu121 | cu121 | torch 2.3.1",
                "torch & torchvision==0.17.2 | 3.11 | cuda 12.4 | - | all | torch==2.2.2+cu121 & torchvision==0.17.2+cu121 | cu121 | torch 2.2.2",
                "torchvision==0.16.0 | 3.11 | cuda 12.4 | - | all | torchvision==0.16.0+cu121 | cu121 | torch 2.1.0",
                "torchaudio==2.0.2 | 3.11 | cuda 11.8 | - | all | torchaudio==2.0.2+cu118 | cu118 | torch 2.0.1",
                "torch==2.3.1 & torchtext==0.18.0 | 3.11 | cuda 12.4 | - | all | torch==2.3.1+cu121 & torchtext==0.18.0 | cu121 | torch 2.3.1",
                "torch==2.3.1 & torchvision==0.17.2 | 3.11 | cuda 12.4 | - | nothing | error | - | no index of builds answers",
                // ways of searching
                "torch==2.3.1 | 3.11 | cuda 12.4 | direct | all | torch==2.3.1+cu121 | --find-links https://download.pytorch.org/whl/cu121/torch_stable.html | for CUDA 12.1",
                "torch==2.3.1 | 3.11 | cuda 12.4 | none | all | torch==2.3.1 | - | like any other package",
                "torch==2.3.1 | 3.11 | cuda 12.4 | mirror | all | torch==2.3.1+cu121 | --extra-index-url https://ci:s3cr3t@mirror.invalid/cu121 | from https://mirror.invalid/cu121, because",
                // no address answers: the usual index, where its build runs with the driver
                "torch==2.3.1 | 3.11 | cuda 12.4 | - | down | torch==2.3.1 | - | torch 2.3.1 for CUDA 12.1 from the usual index, because https://download.pytorch.org/whl/cu121/ does not answer",
                "torch==2.3.1 | 3.11 | cuda 12.4 | - | nothing | torch==2.3.1 | - | has no builds",
                "torch | 3.11 | cuda 12.4 | - | down | torch==2.10.0 | - | torch 2.10.0 for CUDA 12.8 from the usual index",
                "torch==2.3.1 | 3.11 | cuda 11.8 | - | down | error | - | does not answer",
                "torch==2.3.1 | 3.11 | cuda 11.8 | allow | down | torch==2.3.1 | - | perhaps for the CPU",
                // no build fits: an error, or what a setting allows
                "torch==2.3.1 | 3.11 | cuda 11.2 | - | all | error | - | its builds are for CUDA 12.1, CUDA 11.8, and driver 550.54 supports cuda 11.2",
                "torch==2.3.1 | 3.11 | cuda 11.2 | allow | all | torch==2.3.1 | - | perhaps for the CPU",
                "torch==2.0.1 | 3.12 | cuda 12.4 | - | all | error | - | its builds are for Python 3.8 to 3.11, not 3.12",
                "torch==2.3.1 | 3.11 | cuda 11.2 | nightly | cu112 | torch==2.3.1 | nightly/cu112 | nightly torch for CUDA 11.2",
                "torch==2.3.1 | 3.11 | cuda 11.2 | nightly direct mirror | cu112 | torch==2.3.1 | --find-links https://ci:s3cr3t@mirror.invalid/night/cu112.html | nightly torch for CUDA 11.2",
                "torch==2.3.1 | 3.11 | rocm 5.0 | nightly mirror | rocm5.0 | torch==2.3.1 | --extra-index-url https://ci:s3cr3t@mirror.invalid/night/rocm5.0 | nightly torch for ROCm 5.0",
                // versions that the table does not know
                "torch==2.99.0 | 3.11 | cuda 12.4 | - | cu121 | torch==2.99.0 | cu121 | torch for CUDA 12.1 from",
                "torch==2.99.0 | 3.11 | cuda 12.4 | - | down | torch==2.99.0 | - | from the usual index, because no index of builds answers",
                // ROCm
                "torch==2.3.1 | 3.11 | rocm 6.1 | - | all | torch==2.3.1+rocm6.0 | rocm6.0 | torch 2.3.1 for ROCm 6.0",
                "torch | 3.11 | rocm 6.2.4 | - | all | torch==2.7.1+rocm6.2.4 | rocm6.2.4 | torch 2.7.1 for ROCm 6.2.4",
                "torch==2.3.1 | 3.11 | rocm 5.0 | - | all | error | - | its builds are for ROCm 5.7, ROCm 6.0",
                "torch==2.3.1 | 3.11 | rocm 6.1 | - | down | error | - | does not answer",
                // no accelerator, no torch
                "torch==2.3.1 | 3.11 | cpu | - | all | torch==2.3.1 | - | torch from the usual index, because this machine has no GPU",
                "torch==2.3.1+cu121 | 3.11 | cpu | - | all | torch==2.3.1 | - | from the usual index",
                "numpy==2.0 | 3.11 | cuda 12.4 | - | all | numpy==2.0 | - | -",
                "pytorch-lightning & torchmetrics | 3.11 | cuda 12.4 | - | all | pytorch-lightning & torchmetrics | - | -",
                "torch @ https://host.invalid/torch-2.0-py3-none-any.whl | 3.11 | cuda 12.4 | - | all | torch @ https://host.invalid/torch-2.0-py3-none-any.whl | - | -"
            })
    void theReleaseTheBuildAndTheIndexFollowFromRequestPythonAndDriver(
            String lines,
            String python,
            String accelerator,
            String settings,
            String existing,
            String expected,
            String option,
            String reason)
            throws Exception {
        TorchSource source = source(settings(settings), existing);
        RequirementSet required = required(lines.split(" & ", -1));
        if (expected.equals("error")) {
            assertThat(catchThrowable(() -> source.decide(
                            required,
                            python(python, reason.contains("no index") ? "aarch64" : "x86_64"),
                            accelerator(accelerator),
                            false)))
                    .isInstanceOfSatisfying(
                            AgentException.class,
                            error -> assertThat(error.code()).isEqualTo(ErrorCode.REQUIREMENTS_UNSATISFIABLE))
                    .hasMessageContaining(reason)
                    .hasMessageContaining(TorchSettings.ALLOW_CPU.key());
            return;
        }

        TorchDecision decision = source.decide(required, python(python, "x86_64"), accelerator(accelerator), false);

        assertThat(decision.required().requirements().stream()
                        .map(Requirement::text)
                        .collect(Collectors.joining(" & ")))
                .isEqualTo(expected);
        if (option.equals("-")) {
            assertThat(decision.options()).isEmpty();
        } else {
            assertThat(decision.options().getFirst())
                    .isEqualTo(option.startsWith("--") ? option : "--extra-index-url " + INDEX + option + "/");
        }
        if (reason.equals("-")) {
            assertThat(decision.reason()).isEmpty();
        } else {
            assertThat(decision.reason()).contains(reason).doesNotContain("s3cr3t");
            assertThat(decision.reason().lines()).hasSize(1);
        }
    }

    @Test
    void aReleaseInTheTableAsksOneAddress() throws Exception {
        source(TestSettings.defaults(), "down")
                .decide(required("torch"), python("3.11", "x86_64"), accelerator("cuda 12.4"), false);

        assertThat(asked).hasSize(1);
    }

    @Test
    void theSearchForAnUnknownReleaseEndsWhenItTakesTooLong() throws Exception {
        AtomicLong seconds = new AtomicLong();
        TorchSource source = new TorchSource(
                TestSettings.defaults(),
                address -> {
                    asked.add(address);
                    return Answer.ABSENT;
                },
                () -> Instant.ofEpochSecond(seconds.addAndGet(5)));

        source.decide(required("torch==9.9.9"), python("3.11", "x86_64"), accelerator("cuda 12.4"), false);

        assertThat(asked).hasSize(3);
    }

    @Test
    void machinesThatAskNoIndexGetTorchFromTheirFolders() throws Exception {
        TorchDecision decision = source(TestSettings.defaults(), "all")
                .decide(required("torch==2.3.1+cu118"), python("3.11", "x86_64"), accelerator("cuda 12.4"), true);

        assertThat(decision.required().requirements())
                .extracting(Requirement::text)
                .containsExactly("torch==2.3.1");
        assertThat(decision.reason()).contains("--no-index");
        assertThat(asked).isEmpty();
    }

    @Test
    void aFolderWithBuildsIsUsedWithoutAskingAnyAddress() throws Exception {
        Files.createDirectories(folder.resolve("cu121"));
        TestSettings settings = TestSettings.defaults().with(TorchSettings.INDEX, folder + "/cu{}");

        TorchDecision decision = source(settings, "down")
                .decide(required("torch==2.3.1"), python("3.11", "x86_64"), accelerator("cuda 12.4"), false);

        assertThat(decision.options()).containsExactly("--find-links " + folder + "/cu121");
        assertThat(asked).isEmpty();
    }

    @Test
    void theTableIsReplacedByAFile() throws Exception {
        Path table = folder.resolve("builds.txt");
        Files.writeString(table, "# ours\n9.0.0 9.1.0 9.2.0 3.11-3.12 cu121\n");
        TestSettings settings = TestSettings.defaults().with(TorchSettings.BUILDS, table.toString());

        assertThat(source(settings, "all")
                        .decide(required("torch"), python("3.11", "x86_64"), accelerator("cuda 12.4"), false)
                        .reason())
                .contains("torch 9.0.0 for CUDA 12.1");
    }

    @Test
    void aTableThatCannotBeReadIsReportedWithItsLine() throws Exception {
        Path table = folder.resolve("builds.txt");
        Files.writeString(table, "# ours\n9.0.0 nine\n");
        TestSettings settings = TestSettings.defaults().with(TorchSettings.BUILDS, table.toString());

        assertThat(catchThrowable(() -> source(settings, "all")))
                .hasMessageContaining("builds.txt:2: '9.0.0 nine' is no release of torch");
    }

    @Test
    void thePlainIndexOfOtherArchitecturesIsNoSourceOfBuildsForGpus() {
        assertThat(catchThrowable(() -> source(TestSettings.defaults(), "down")
                        .decide(required("torch==2.3.1"), python("3.11", "aarch64"), accelerator("cuda 12.4"), false)))
                .hasMessageContaining("no build of 'torch==2.3.1' for CUDA 12.4");
    }
}
