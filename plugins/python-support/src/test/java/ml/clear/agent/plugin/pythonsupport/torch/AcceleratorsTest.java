// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pythonsupport.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import ml.clear.agent.api.python.PythonSettings;
import ml.clear.agent.testkit.TestContext;
import ml.clear.agent.testkit.TestSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AcceleratorsTest {

    @TempDir
    Path folder;

    private TestContext context() throws IOException {
        return TestContext.in(Files.createDirectories(folder.resolve("agent")))
                .with(Map.of("PATH", folder.resolve("bin").toString()));
    }

    /** A program that prints a text, in place of one of the driver's. */
    private void program(String name, String output) throws IOException {
        Path program = Files.createDirectories(folder.resolve("bin")).resolve(name);
        Files.writeString(program, "#!/bin/sh\necho '" + output + "'\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Accelerator find(TestContext context) throws Exception {
        return Accelerators.below(folder, context).find();
    }

    @Test
    void theDriverSaysWhatItSupports() throws Exception {
        program("nvidia-smi", "| NVIDIA-SMI 550.54.14   Driver Version: 550.54.14   CUDA Version: 12.4 |");

        Accelerator found = find(context());

        assertThat(found.kind()).isEqualTo(Accelerator.Kind.CUDA);
        assertThat(found.version()).hasToString("12.4");
        assertThat(found.evidence()).isEqualTo("driver 550.54.14 supports CUDA 12.4");
    }

    @Test
    void theCompilerIsAskedWhereNoDriverAnswers() throws Exception {
        program("nvcc", "Cuda compilation tools, release 11.8, V11.8.89");

        assertThat(find(context()).evidence()).isEqualTo("nvcc is of CUDA 11.8");
    }

    @Test
    void theConfigurationDecidesOverTheDriver() throws Exception {
        program("nvidia-smi", "| Driver Version: 550.54.14   CUDA Version: 12.4 |");
        TestSettings settings = TestSettings.defaults().with(PythonSettings.CUDA_VERSION, "118");

        assertThat(find(context().with(settings)).version()).hasToString("11.8");
        assertThat(find(context().with(settings.with(PythonSettings.CPU_ONLY, "true")))
                        .evidence())
                .isEqualTo("agent.cpu_only is true");
    }

    @Test
    void amdGpusAreFoundByTheirDeviceAndTheirFiles() throws Exception {
        Files.createDirectories(folder.resolve("dev"));
        Files.createFile(folder.resolve("dev/kfd"));
        Files.createDirectories(folder.resolve("opt/rocm/.info"));
        Files.writeString(folder.resolve("opt/rocm/.info/version"), "6.2.4-116\n");

        Accelerator found = find(context());

        assertThat(found.kind()).isEqualTo(Accelerator.Kind.ROCM);
        assertThat(found.version()).hasToString("6.2.4");
    }

    @Test
    void aMachineWithoutAnyOfThemHasNone() throws Exception {
        assertThat(find(context()).identity()).isEqualTo("0");
    }

    @ParameterizedTest
    @CsvSource({"11.2, 112", "112, 112", "12.4.1, 124", "12, 120", "0, 0", "none, 0", "'', 0"})
    void versionsOfCudaBecomeDigits(String text, int digits) {
        assertThat(Accelerators.digits(text)).isEqualTo(digits);
    }
}
