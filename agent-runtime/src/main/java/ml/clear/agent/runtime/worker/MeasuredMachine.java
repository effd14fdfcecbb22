// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.worker;

import java.nio.file.Path;
import java.util.Objects;
import ml.clear.agent.api.process.CommandRunner;

/**
 * What is measured of a machine.
 *
 * @param watchedDisk a folder of the disk whose free space is reported
 * @param gpus the GPUs that are reported
 * @param usualGpuPercent the utilisation of a GPU that does not report it; NaN to omit it
 * @param commands runs the programs that report about GPUs
 */
public record MeasuredMachine(Path watchedDisk, GpuSelection gpus, double usualGpuPercent, CommandRunner commands) {

    private static final Path CARDS = Path.of("/sys/class/drm");

    /** Checks for absence. */
    public MeasuredMachine {
        Objects.requireNonNull(watchedDisk);
        Objects.requireNonNull(gpus);
        Objects.requireNonNull(commands);
    }

    MachineProbe probe() {
        return new MachineProbe(
                watchedDisk,
                GpuProbe.of(
                        new NvidiaGpus(commands, gpus, usualGpuPercent), new AmdGpus(CARDS, gpus, usualGpuPercent)));
    }
}
