// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.boot;

import ml.clear.agent.runtime.config.Configuration;
import ml.clear.agent.runtime.config.WorkerSettings;
import ml.clear.agent.runtime.worker.GpuSelection;
import ml.clear.agent.runtime.worker.MeasuredMachine;

/** What daemons and execute processes measure of their machine. */
final class Machines {

    private Machines() {}

    /** The machine with the GPUs that tasks may use. */
    static MeasuredMachine measured(Agent agent, Gpus gpus) {
        Configuration configuration = agent.configuration();
        return new MeasuredMachine(
                configuration
                        .get(WorkerSettings.DISK_USE_PATH)
                        .orElse(agent.process().home()),
                new GpuSelection(gpus.list()),
                configuration
                        .get(WorkerSettings.DEFAULT_GPU_UTILIZATION)
                        .map(Long::doubleValue)
                        .orElse(Double.NaN),
                agent.commands());
    }
}
