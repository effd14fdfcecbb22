// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.launch;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
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

    /** How long the kept code of a folder stays after its last use. */
    public static final Setting<Duration> CODE_LONGEST_UNUSED = Setting.of(
            "agent.run.code_max_age_days",
            ValueTypes.duration(ChronoUnit.DAYS),
            Duration.ofDays(180),
            "Evict the kept code of a folder without a repository when no task used it for this long; 0 keeps it for ever");

    /** The most bytes of the kept code of all folders. */
    public static final Setting<Long> CODE_MOST_BYTES = Setting.of(
            "agent.run.code_max_size",
            ValueTypes.BYTES,
            20_000_000_000L,
            "Evict the least recently used code of folders without a repository when all takes more; 0 for any size");

    private RunSettings() {}

    /** All of them. */
    public static List<Setting<?>> all() {
        return List.of(SIZE_LIMIT, CODE_LONGEST_UNUSED, CODE_MOST_BYTES);
    }
}
