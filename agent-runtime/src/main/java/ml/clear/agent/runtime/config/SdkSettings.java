// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

import static ml.clear.agent.api.config.ValueTypes.BOOLEAN;
import static ml.clear.agent.api.config.ValueTypes.TEXT;
import static ml.clear.agent.api.config.ValueTypes.duration;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import ml.clear.agent.api.config.Setting;

/** The keys of the section {@code sdk} that the agent reads as well; the Python package in the task's process reads all. */
public final class SdkSettings {

    /** How often the output of a task is reported. */
    public static final Setting<Duration> REPORT_PERIOD = Setting.of(
            "sdk.development.worker.report_period_sec",
            duration(ChronoUnit.SECONDS),
            Duration.ofSeconds(2),
            "Time between two reports of output and scalars");

    /** Empty leaves models where the code writes them. */
    public static final Setting<Optional<String>> DEFAULT_OUTPUT_URI = Setting.optional(
            "sdk.development.default_output_uri", TEXT, "Where models and artifacts go when the code does not say");

    /**
     * Tasks of this agent get false unless it is set: the SDK's separate process costs each task seconds at its exit.
     */
    public static final Setting<Boolean> REPORT_USE_SUBPROCESS = Setting.of(
            "sdk.development.report_use_subprocess",
            BOOLEAN,
            false,
            "Whether the SDK reports from a separate process, for which a task waits at its exit; the SDK's own default is true");

    private SdkSettings() {}

    static List<Setting<?>> all() {
        return List.of(REPORT_PERIOD, DEFAULT_OUTPUT_URI, REPORT_USE_SUBPROCESS);
    }
}
