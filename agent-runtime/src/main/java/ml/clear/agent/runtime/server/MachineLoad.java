// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.server;

import java.util.List;

/**
 * How busy a machine was over a time. What could not be measured is NaN and not sent.
 *
 * @param cpuPercent of all processors
 * @param memoryUsed in MB (2^20 bytes)
 * @param memoryFree in MB, what programs could still get
 * @param diskFreePercent of the disk that is watched
 * @param diskRead in MB/s, all disks
 * @param diskWrite in MB/s, all disks
 * @param networkReceived in MB/s, all interfaces but the loopback
 * @param networkSent in MB/s, all interfaces but the loopback
 * @param cpuTemperature of the hottest core, in degrees Celsius
 * @param gpus each GPU that tasks may use
 */
public record MachineLoad(
        double cpuPercent,
        double memoryUsed,
        double memoryFree,
        double diskFreePercent,
        double diskRead,
        double diskWrite,
        double networkReceived,
        double networkSent,
        double cpuTemperature,
        List<Gpu> gpus) {

    /** Copies the list. */
    public MachineLoad {
        gpus = List.copyOf(gpus);
    }

    /** A machine without GPU and thermometer. */
    public MachineLoad(
            double cpuPercent,
            double memoryUsed,
            double memoryFree,
            double diskFreePercent,
            double diskRead,
            double diskWrite,
            double networkReceived,
            double networkSent) {
        this(
                cpuPercent,
                memoryUsed,
                memoryFree,
                diskFreePercent,
                diskRead,
                diskWrite,
                networkReceived,
                networkSent,
                Double.NaN,
                List.of());
    }

    /**
     * How busy a GPU is.
     *
     * @param percent of its time
     * @param temperature in degrees Celsius
     * @param memoryUsed in MB
     * @param memoryFree in MB
     */
    public record Gpu(double percent, double temperature, double memoryUsed, double memoryFree) {}
}
