// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.worker;

import java.util.List;
import ml.clear.agent.runtime.server.MachineLoad;

/** Measures GPUs of one maker. Used by one thread. */
@FunctionalInterface
interface GpuProbe {

    /**
     * How they are now; none when there are none.
     *
     * @throws InterruptedException when interrupted while a program is asked
     */
    List<MachineLoad.Gpu> measure() throws InterruptedException;

    /** What there is of either maker. */
    static GpuProbe of(GpuProbe... makers) {
        return () -> {
            for (GpuProbe maker : makers) {
                List<MachineLoad.Gpu> found = maker.measure();
                if (!found.isEmpty()) {
                    return found;
                }
            }
            return List.of();
        };
    }
}
