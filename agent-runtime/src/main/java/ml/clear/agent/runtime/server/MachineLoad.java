// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.server;

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
 */
public record MachineLoad(
        double cpuPercent,
        double memoryUsed,
        double memoryFree,
        double diskFreePercent,
        double diskRead,
        double diskWrite,
        double networkReceived,
        double networkSent) {}
