// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.worker;

import java.util.List;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.config.ValueTypes;

/** How a daemon ends. */
public final class DaemonSettings {

    /** What a stopped daemon does with running tasks. */
    public static final Setting<StopMode> STOP_MODE = Setting.of(
            "agent.stop_mode",
            ValueTypes.choice(StopMode.class),
            StopMode.LEAVE,
            "What a daemon that is stopped does with running tasks: leave them to the next daemon, wait for their"
                    + " end, or abort them; where they cannot outlive the daemon, leave means abort");

    private DaemonSettings() {}

    /** All of them. */
    public static List<Setting<?>> all() {
        return List.of(STOP_MODE);
    }
}
