// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

import static ml.clear.agent.api.config.ValueTypes.BOOLEAN;
import static ml.clear.agent.api.config.ValueTypes.INTEGER;
import static ml.clear.agent.api.config.ValueTypes.PATH;
import static ml.clear.agent.api.config.ValueTypes.TEXT;
import static ml.clear.agent.api.config.ValueTypes.duration;
import static ml.clear.agent.api.config.ValueTypes.list;
import static ml.clear.agent.api.config.ValueTypes.optional;

import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import ml.clear.agent.api.config.Setting;

/** Who the worker is, when it works and what it reports. */
public final class WorkerSettings {

    /** Id of this worker; made of its name and its GPUs where absent. */
    public static final Setting<Optional<String>> WORKER_ID = Setting.optional(
                    "agent.worker_id", TEXT, "Id of this worker; made of its name and its GPUs where absent")
            .environment("CLEARML_WORKER_ID", "TRAINS_WORKER_ID");

    /** Name from which ids of workers are made; the name of the machine where absent. */
    public static final Setting<Optional<String>> WORKER_NAME = Setting.optional(
                    "agent.worker_name",
                    TEXT,
                    "Name from which ids of workers are made; the name of the machine where absent")
            .environment("CLEARML_WORKER_NAME", "TRAINS_WORKER_NAME");

    /** Tags that status reports carry when the command line gives none. */
    public static final Setting<Optional<List<String>>> WORKER_TAGS = Setting.optional(
                    "agent.worker_tags", list(TEXT), "Tags that status reports carry when the command line gives none")
            .environment("CLEARML_WORKER_TAGS");

    /** Whether the configuration is read again after each poll of the queues. */
    public static final Setting<Boolean> RELOAD_CONFIG = Setting.of(
            "agent.reload_config",
            BOOLEAN,
            false,
            "Whether the configuration is read again after each poll of the queues");

    /** Time between two polls of the queues. */
    public static final Setting<Duration> QUEUE_POLL_PERIOD = Setting.of(
                    "agent.queue_poll_period_sec",
                    duration(ChronoUnit.SECONDS),
                    Duration.ofSeconds(5),
                    "Time between two polls of the queues")
            .environment("CLEARML_AGENT_QUEUE_POLL_FREQ_SEC");

    /** Time between two reports of the state of this machine. */
    public static final Setting<Duration> STATUS_REPORT_PERIOD = Setting.of(
                    "agent.status_report_period_sec",
                    duration(ChronoUnit.SECONDS),
                    Duration.ofSeconds(30),
                    "Time between two reports of the state of this machine")
            .environment("CLEARML_AGENT_STATUS_REPORT_FREQ_SEC");

    /** Times in which tasks are taken, such as 17-20 SUN,TUE; not together with agent.downtime. */
    public static final Setting<Optional<List<String>>> UPTIME = Setting.optional(
            "agent.uptime",
            list(TEXT),
            "Times in which tasks are taken, such as 17-20 SUN,TUE; not together with agent.downtime");

    /** Times in which no tasks are taken, such as 9-17 MON-FRI; not together with agent.uptime. */
    public static final Setting<Optional<List<String>>> DOWNTIME = Setting.optional(
            "agent.downtime",
            list(TEXT),
            "Times in which no tasks are taken, such as 9-17 MON-FRI; not together with agent.uptime");

    /** Whether the daemon ends on an unexpected error instead of going on. */
    public static final Setting<Boolean> CRASH_ON_EXCEPTION = Setting.of(
                    "agent.crash_on_exception",
                    BOOLEAN,
                    false,
                    "Whether the daemon ends on an unexpected error instead of going on")
            .environment("CLEARML_AGENT_CRASH_ON_EXCEPTION");

    /** Buffering of the log file of the daemon; 1 writes whole lines. */
    public static final Setting<Long> LOG_FILES_BUFFERING = Setting.of(
            "agent.log_files_buffering", INTEGER, 1L, "Buffering of the log file of the daemon; 1 writes whole lines");

    /** Whether to leave out the daily look for a newer version. */
    public static final Setting<Optional<Boolean>> DISABLE_UPDATE_CHECK = Setting.optional(
            "agent.disable_agent_update_check", BOOLEAN, "Whether to leave out the daily look for a newer version");

    /** Longest time that GPUs stay reserved for a task that does not start. */
    public static final Setting<Duration> DYNAMIC_GPUS_RESERVATION_TIMEOUT = Setting.of(
            "agent.dynamic_gpus_reservation_timeout_sec",
            duration(ChronoUnit.SECONDS),
            Duration.ofMinutes(10),
            "Longest time that GPUs stay reserved for a task that does not start");

    /** Utilisation in percent to report for a GPU that does not report its own; null omits it. */
    public static final Setting<Optional<Long>> DEFAULT_GPU_UTILIZATION = Setting.of(
            "agent.resource_monitoring.default_gpu_utilization",
            optional(INTEGER),
            Optional.of(100L),
            "Utilisation in percent to report for a GPU that does not report its own; null omits it");

    /** Folder whose disk is measured; the home folder where absent. */
    public static final Setting<Optional<Path>> DISK_USE_PATH = Setting.optional(
            "agent.resource_monitoring.disk_use_path",
            PATH,
            "Folder whose disk is measured; the home folder where absent");

    /** Time between two reports of the cluster. */
    public static final Setting<Duration> CLUSTER_REPORT_INTERVAL = Setting.of(
            "agent.resource_monitoring.cluster_report_interval_sec",
            duration(ChronoUnit.SECONDS),
            Duration.ofMinutes(1),
            "Time between two reports of the cluster");

    /** Name of the cluster of workers whose id has fewer than three parts. */
    public static final Setting<String> DEFAULT_CLUSTER_NAME = Setting.of(
            "agent.resource_dashboard.default_cluster_name",
            TEXT,
            "onprem",
            "Name of the cluster of workers whose id has fewer than three parts");

    /** Whether to log for debugging, as the option --debug does. */
    public static final Setting<Boolean> DEBUG =
            Setting.of("agent.debug", BOOLEAN, false, "Whether to log for debugging, as the option --debug does");

    /** Whether tasks use only what is installed on this machine, without network. */
    public static final Setting<Optional<Boolean>> STANDALONE_MODE = Setting.optional(
            "agent.standalone_mode",
            BOOLEAN,
            "Whether tasks use only what is installed on this machine, without network");

    private WorkerSettings() {}

    /** All of them. */
    public static List<Setting<?>> all() {
        return List.of(
                WORKER_ID,
                WORKER_NAME,
                WORKER_TAGS,
                RELOAD_CONFIG,
                QUEUE_POLL_PERIOD,
                STATUS_REPORT_PERIOD,
                UPTIME,
                DOWNTIME,
                CRASH_ON_EXCEPTION,
                LOG_FILES_BUFFERING,
                DISABLE_UPDATE_CHECK,
                DYNAMIC_GPUS_RESERVATION_TIMEOUT,
                DEFAULT_GPU_UTILIZATION,
                DISK_USE_PATH,
                CLUSTER_REPORT_INTERVAL,
                DEFAULT_CLUSTER_NAME,
                DEBUG,
                STANDALONE_MODE);
    }
}
