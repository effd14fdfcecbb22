// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.worker;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import ml.clear.agent.api.task.TaskId;
import ml.clear.agent.runtime.server.MachineLoad;
import ml.clear.agent.runtime.server.ScalarEvent;

/**
 * How a machine is, as points of the curves that the Python SDK draws of it: the same graphs, the same names, the same units. A
 * second of the task's time is an iteration, as it is there for programs that report none.
 *
 * @param task whose curves they are
 * @param worker who reports them
 */
record MachineScalars(TaskId task, String worker) {

    private static final String MACHINE = ":monitor:machine";
    private static final String GPUS = ":monitor:gpu";
    private static final double MEGABYTES_IN_A_GIGABYTE = 1024;

    /** The points; what could not be measured has none. */
    List<ScalarEvent> of(MachineLoad load, Duration running, Instant now) {
        Map<String, Double> values = new LinkedHashMap<>();
        values.put("cpu_usage", load.cpuPercent());
        values.put("memory_used_gb", load.memoryUsed() / MEGABYTES_IN_A_GIGABYTE);
        values.put("memory_free_gb", load.memoryFree() / MEGABYTES_IN_A_GIGABYTE);
        values.put("disk_free_percent", load.diskFreePercent());
        values.put("network_tx_mbs", load.networkSent());
        values.put("network_rx_mbs", load.networkReceived());
        values.put("io_read_mbs", load.diskRead());
        values.put("io_write_mbs", load.diskWrite());
        List<ScalarEvent> points = new ArrayList<>(points(MACHINE, values, running, now));
        points.addAll(points(GPUS, gpuValues(load.gpus()), running, now));
        return points;
    }

    private static Map<String, Double> gpuValues(List<MachineLoad.Gpu> gpus) {
        Map<String, Double> values = new LinkedHashMap<>();
        for (int i = 0; i < gpus.size(); i++) {
            MachineLoad.Gpu gpu = gpus.get(i);
            String name = "gpu_" + i + "_";
            values.put(name + "temperature", gpu.temperature());
            values.put(name + "utilization", gpu.percent());
            values.put(name + "mem_used_gb", gpu.memoryUsed() / MEGABYTES_IN_A_GIGABYTE);
            values.put(name + "mem_usage", 100 * gpu.memoryUsed() / (gpu.memoryUsed() + gpu.memoryFree()));
            values.put(name + "mem_free_gb", gpu.memoryFree() / MEGABYTES_IN_A_GIGABYTE);
        }
        return values;
    }

    private List<ScalarEvent> points(String title, Map<String, Double> values, Duration running, Instant now) {
        List<ScalarEvent> points = new ArrayList<>();
        values.forEach((series, value) -> {
            if (Double.isFinite(value)) {
                points.add(
                        new ScalarEvent(task, worker, title, series, running.toSeconds(), value, now.toEpochMilli()));
            }
        });
        return points;
    }
}
