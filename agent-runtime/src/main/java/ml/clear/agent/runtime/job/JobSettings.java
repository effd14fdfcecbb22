// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.job;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.config.ValueTypes;

/** How one task is run and ended. */
public final class JobSettings {

    /** Time between the stop signal and the kill. */
    public static final Setting<Duration> ABORT_GRACE = Setting.of(
            "agent.abort_grace_period_sec",
            ValueTypes.duration(ChronoUnit.SECONDS),
            Duration.ofSeconds(30),
            "Time that an aborted task has after the stop signal (TERM), for a checkpoint, before it is killed");

    /** Time between two polls of the task's status. */
    static final Setting<Duration> ABORT_POLL = Setting.of(
            "agent.abort_poll_sec",
            ValueTypes.duration(ChronoUnit.SECONDS),
            Duration.ofSeconds(1),
            "Time between two polls of the status of a running task, which detect an abort");

    /** Longest spool. */
    static final Setting<Long> SPOOL_LIMIT = Setting.of(
            "agent.spool_limit",
            ValueTypes.BYTES,
            4L << 30,
            "Most bytes of a task's output that wait on the disk for the server; more is dropped, and marked where it is"
                    + " missing");

    /** When a log is full. */
    public static final Setting<Long> LOG_LIMIT = Setting.of(
            "agent.log_file_limit",
            ValueTypes.BYTES,
            32L << 20,
            "Most bytes of a log file of the agent, the daemon's and each execute process's; a full one is renamed, and a few"
                    + " of those are kept");

    private JobSettings() {}

    /** All of them. */
    public static List<Setting<?>> all() {
        return List.of(ABORT_GRACE, ABORT_POLL, SPOOL_LIMIT, LOG_LIMIT);
    }
}
