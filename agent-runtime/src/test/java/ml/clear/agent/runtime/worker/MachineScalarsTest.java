// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import ml.clear.agent.api.task.TaskId;
import ml.clear.agent.runtime.server.MachineLoad;
import ml.clear.agent.runtime.server.MachineLoad.Gpu;
import ml.clear.agent.runtime.server.ScalarEvent;
import org.junit.jupiter.api.Test;

class MachineScalarsTest {

    private static final MachineScalars SCALARS =
            new MachineScalars(new TaskId("0123456789abcdef0123456789abcdef"), "box:0");

    @Test
    void eachGpuHasTheCurvesOfTheSdkInAGraphOfItsOwn() {
        List<ScalarEvent> points = SCALARS.of(
                load(List.of(new Gpu(87, 61, 3072, 1024), new Gpu(Double.NaN, 40, 0, 4096))),
                Duration.ofSeconds(90),
                Instant.ofEpochMilli(5));

        Map<String, Double> gpus = points.stream()
                .filter(point -> point.title().equals(":monitor:gpu"))
                .collect(Collectors.toMap(ScalarEvent::series, ScalarEvent::value));
        assertThat(gpus)
                .containsOnly(
                        Map.entry("gpu_0_temperature", 61.0),
                        Map.entry("gpu_0_utilization", 87.0),
                        Map.entry("gpu_0_mem_used_gb", 3.0),
                        Map.entry("gpu_0_mem_usage", 75.0),
                        Map.entry("gpu_0_mem_free_gb", 1.0),
                        Map.entry("gpu_1_temperature", 40.0),
                        Map.entry("gpu_1_mem_used_gb", 0.0),
                        Map.entry("gpu_1_mem_usage", 0.0),
                        Map.entry("gpu_1_mem_free_gb", 4.0));
        assertThat(points).extracting(ScalarEvent::iteration).containsOnly(90L);
    }

    @Test
    void aMachineWithoutGpuHasNoGraphOfThem() {
        assertThat(SCALARS.of(load(List.of()), Duration.ZERO, Instant.EPOCH))
                .extracting(ScalarEvent::title)
                .containsOnly(":monitor:machine");
    }

    private static MachineLoad load(List<Gpu> gpus) {
        return new MachineLoad(12, 2048, 1024, 50, 0, 0, 0, 0, Double.NaN, gpus);
    }
}
