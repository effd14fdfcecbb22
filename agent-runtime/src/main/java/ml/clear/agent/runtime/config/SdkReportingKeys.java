// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

import static ml.clear.agent.api.config.ValueTypes.ANY;
import static ml.clear.agent.api.config.ValueTypes.BOOLEAN;
import static ml.clear.agent.api.config.ValueTypes.INTEGER;
import static ml.clear.agent.api.config.ValueTypes.TEXT;
import static ml.clear.agent.api.config.ValueTypes.duration;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import ml.clear.agent.api.config.Setting;

/** What the Python package in the task's process logs and reports, and how it reaches files. */
final class SdkReportingKeys {

    private SdkReportingKeys() {}

    static List<KnownKey> all() {
        return List.of(
                of(Setting.of(
                        "sdk.apply_environment",
                        BOOLEAN,
                        false,
                        "Whether the SDK applies the top-level block environment")),
                of(Setting.of(
                        "sdk.apply_files",
                        BOOLEAN,
                        false,
                        "Whether the SDK writes the files of the top-level block files")),
                of(Setting.optional("sdk.dataset", ANY, "Options of data sets")),
                of(Setting.of("sdk.http.download.max_retries", INTEGER, 15L, "Most retries of a download")),
                of(Setting.optional(
                        "sdk.http.timeout.connection",
                        duration(ChronoUnit.SECONDS),
                        "Longest wait for a connection to a files server")),
                of(Setting.optional(
                        "sdk.http.timeout.total",
                        duration(ChronoUnit.SECONDS),
                        "Longest time of one request to a files server")),
                of(Setting.of(
                        "sdk.log.disable_urllib3_info",
                        BOOLEAN,
                        true,
                        "Whether messages of the HTTP library are kept quiet")),
                of(Setting.of(
                        "sdk.log.null_log_propagate",
                        BOOLEAN,
                        false,
                        "Whether messages without a logger reach the root logger")),
                of(Setting.of(
                        "sdk.log.task_log_buffer_capacity",
                        INTEGER,
                        66L,
                        "How many log messages are held back at most")),
                of(Setting.optional(
                        "sdk.metric.matplotlib_untitled_history_size",
                        INTEGER,
                        "Spelling of sdk.metrics.matplotlib_untitled_history_size that the SDK reads")),
                of(Setting.of(
                        "sdk.metrics.file_history_size",
                        INTEGER,
                        100L,
                        "How many files are kept of one metric and variant")),
                of(Setting.of("sdk.metrics.images.format", TEXT, "JPEG", "Format of images for debugging")),
                of(Setting.of("sdk.metrics.images.quality", INTEGER, 87L, "Quality of images for debugging, 1 to 100")),
                of(Setting.of("sdk.metrics.images.subsampling", INTEGER, 0L, "Subsampling of images for debugging")),
                of(Setting.of(
                        "sdk.metrics.matplotlib_untitled_history_size",
                        INTEGER,
                        100L,
                        "How many images are kept of one title of matplotlib")),
                of(Setting.optional("sdk.metrics.plot_max_num_digits", INTEGER, "Most decimal places in plots")),
                of(Setting.of(
                        "sdk.metrics.tensorboard_single_series_per_graph",
                        BOOLEAN,
                        false,
                        "Whether each series of TensorBoard has a separate plot")),
                of(Setting.of("sdk.network.file_upload_retries", INTEGER, 3L, "Most retries of an upload")),
                of(Setting.of(
                        "sdk.network.metrics.file_upload_starvation_warning_sec",
                        duration(ChronoUnit.SECONDS),
                        Duration.ofMinutes(2),
                        "Time without any upload after which a warning is written")),
                of(Setting.of(
                        "sdk.network.metrics.file_upload_threads",
                        INTEGER,
                        4L,
                        "Threads that upload files of metrics")),
                of(Setting.optional(
                        "sdk.resource_monitoring.default_gpu_utilization",
                        INTEGER,
                        "Utilisation in percent that is reported when a GPU does not measure it")));
    }

    private static KnownKey of(Setting<?> setting) {
        return KnownKey.passedOn(setting);
    }
}
