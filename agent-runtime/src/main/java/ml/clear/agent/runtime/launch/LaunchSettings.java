// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.launch;

import java.util.List;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.config.ValueTypes;

/** What an execution may use, with executors that can limit it. */
public final class LaunchSettings {

    /** CPUs that one task may use. */
    public static final Setting<Double> CPUS = Setting.of(
            "agent.executor.cpus",
            ValueTypes.number(0, 100_000),
            0.0,
            "Number of CPUs that one task may use, such as 1.5, with executors that limit it, such as docker; 0 for no"
                    + " limit");

    /** Memory that one task may use. */
    public static final Setting<Long> MEMORY = Setting.of(
            "agent.executor.memory",
            ValueTypes.BYTES,
            0L,
            "Memory that one task may use, with executors that limit it, such as docker; 0 for no limit");

    private LaunchSettings() {}

    /** All of them. */
    public static List<Setting<?>> all() {
        return List.of(CPUS, MEMORY);
    }
}
