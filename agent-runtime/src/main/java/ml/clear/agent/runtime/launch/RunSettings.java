// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.launch;

import java.util.List;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.config.ValueTypes;

/** What {@code run} takes along. */
public final class RunSettings {

    /** The most bytes of a folder without a repository that run takes along; larger files are left out first. */
    public static final Setting<Long> SIZE_LIMIT = Setting.of(
            "agent.run.size_limit",
            ValueTypes.BYTES,
            200_000_000L,
            "The most bytes of a folder without a repository that run takes along; larger files are left out first");

    private RunSettings() {}

    /** All of them. */
    public static List<Setting<?>> all() {
        return List.of(SIZE_LIMIT);
    }
}
