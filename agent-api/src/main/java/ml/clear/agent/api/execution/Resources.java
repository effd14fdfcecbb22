// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.execution;

import java.util.Objects;
import ml.clear.agent.api.Stability;

/**
 * What an execution may use of the machine, or needs of a cluster.
 *
 * @param gpus the GPUs as {@code NVIDIA_VISIBLE_DEVICES} names them: numbers, UUIDs or MIG devices joined by commas, {@code
 *     all}, or {@value #NO_GPU}; empty when the command line names none, which leaves it to the executor
 * @param cpus the number of CPUs, such as 1.5; 0 for no limit
 * @param memory bytes of memory; 0 for no limit
 */
@Stability.Incubating(since = "0.1")
public record Resources(String gpus, double cpus, long memory) {

    /** The value of {@link #gpus} for an execution that uses no GPU. */
    public static final String NO_GPU = "none";

    /** No limits. */
    public static final Resources UNLIMITED = new Resources("", 0, 0);

    /** Checks the numbers. */
    public Resources {
        Objects.requireNonNull(gpus);
        if (!(cpus >= 0) || memory < 0) {
            throw new IllegalArgumentException(
                    "resources are not negative, got " + cpus + " CPUs and " + memory + " bytes");
        }
    }
}
