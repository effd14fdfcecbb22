// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import ml.clear.agent.runtime.server.MachineLoad;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Figures of GPUs in the form in which drivers give them. */
class GpuProbeTest {

    /** Four: busy, idle, one split into parts, and one that has fallen off the bus. */
    private static final String NVIDIA = """
            0, GPU-6f0c2d6e-1b1a-7f53-9d0e-0c9f4a3b2d11, 87, 71, 20480, 24576
            1, GPU-11a4cf28-99f1-20a4-8c37-4f1f6f7e8a02, 0, 33, 1, 24576
            2, GPU-73bb5f10-3c52-6a77-b0de-9a6d21c4e803, [N/A], 45, 512, 40960
            3, GPU-d1e8a954-52c3-41d2-a1a0-77e5c0b9f104, ERR!, [Unknown Error], [N/A], [N/A]
            """;

    @TempDir
    private Path cards;

    private final List<String> asked = new ArrayList<>();

    @Test
    void nvidiaGpusTellTheirFiguresAndABusyOneThatDoesNotTellCountsAsUsual() throws Exception {
        List<MachineLoad.Gpu> gpus = nvidia("all", NVIDIA).measure();

        assertThat(gpus)
                .containsExactly(
                        new MachineLoad.Gpu(87, 71, 20480, 4096),
                        new MachineLoad.Gpu(0, 33, 1, 24575),
                        new MachineLoad.Gpu(100, 45, 512, 40448),
                        new MachineLoad.Gpu(100, Double.NaN, Double.NaN, Double.NaN));
        assertThat(asked.getFirst()).startsWith("nvidia-smi --query-gpu=index,uuid,utilization.gpu");
    }

    @ParameterizedTest
    @CsvSource({
        "'', 0, '', true",
        "all, 7, '', true",
        "'0,1', 1, '', true",
        "'0,1', 2, '', false",
        "'1', 11, '', false",
        "'0-3', 2, '', true",
        "'0-3', 4, '', false",
        "'0:1', 0, '', true",
        "'0.1', 0, '', true",
        "GPU-6f0c-1, 5, GPU-6f0c-1, true",
        "GPU-6f0c-1, 5, GPU-6f0c-2, false",
    })
    void onlyTheGpusThatTasksMayUseAreTold(String list, String index, String identity, boolean told) {
        assertThat(new GpuSelection(list).holds(index, identity)).isEqualTo(told);
    }

    @Test
    void aMachineWithoutTheProgramIsNotAskedForEver() throws Exception {
        NvidiaGpus none = nvidia("", "missing");
        for (int i = 0; i < 10; i++) {
            assertThat(none.measure()).isEmpty();
        }

        assertThat(asked).hasSize(3);
    }

    @Test
    void tasksWithoutGpuTellNone() throws Exception {
        assertThat(nvidia("none", NVIDIA).measure()).isEmpty();
        assertThat(asked).isEmpty();
    }

    @Test
    void amdGpusTellTheFiguresOfTheKernel() throws Exception {
        card("card0", "0x8086", "", "", "", "");
        card("card1", "0x1002", "42", "2147483648", "17163091968", "61000");
        card("card10", "0x1002", "", "0", "17163091968", "30000");
        Files.createDirectories(cards.resolve("card1-DP-1"));

        assertThat(amd("").measure())
                .containsExactly(new MachineLoad.Gpu(42, 61, 2048, 14320), new MachineLoad.Gpu(100, 30, 0, 16368));
        assertThat(amd("1").measure()).containsExactly(new MachineLoad.Gpu(100, 30, 0, 16368));
        assertThat(amd("none").measure()).isEmpty();
    }

    @Test
    void theFirstMakerThatHasAnyIsTold() throws Exception {
        MachineLoad.Gpu gpu = new MachineLoad.Gpu(1, 2, 3, 4);

        assertThat(GpuProbe.of(List::of, () -> List.of(gpu)).measure()).containsExactly(gpu);
        assertThat(GpuProbe.of(List::of, List::of).measure()).isEmpty();
    }

    private AmdGpus amd(String list) {
        return new AmdGpus(cards, new GpuSelection(list), 100);
    }

    private void card(String name, String vendor, String busy, String used, String total, String temperature)
            throws IOException {
        Path device = Files.createDirectories(cards.resolve(name).resolve("device"));
        Files.writeString(device.resolve("vendor"), vendor + "\n");
        write(device.resolve("gpu_busy_percent"), busy);
        write(device.resolve("mem_info_vram_used"), used);
        write(device.resolve("mem_info_vram_total"), total);
        Files.createDirectories(device.resolve("hwmon/hwmon3"));
        write(device.resolve("hwmon/hwmon3/temp1_input"), temperature);
    }

    private static void write(Path file, String text) throws IOException {
        if (!text.isEmpty()) {
            Files.writeString(file, text + "\n");
        }
    }

    private NvidiaGpus nvidia(String list, String answer) {
        return new NvidiaGpus(new FakeProgram(answer, asked), new GpuSelection(list), 100);
    }
}
