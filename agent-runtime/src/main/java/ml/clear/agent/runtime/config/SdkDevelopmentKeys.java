// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

import static ml.clear.agent.api.config.ValueTypes.BOOLEAN;
import static ml.clear.agent.api.config.ValueTypes.INTEGER;
import static ml.clear.agent.api.config.ValueTypes.NUMBER;
import static ml.clear.agent.api.config.ValueTypes.SECRET;
import static ml.clear.agent.api.config.ValueTypes.TEXT;
import static ml.clear.agent.api.config.ValueTypes.duration;
import static ml.clear.agent.api.config.ValueTypes.list;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import ml.clear.agent.api.config.Setting;

/** How the Python package in the task's process observes a script. */
final class SdkDevelopmentKeys {

    private SdkDevelopmentKeys() {}

    static List<KnownKey> all() {
        return List.of(
                of(Setting.of(
                        "sdk.development.artifacts.auto_pickle",
                        BOOLEAN,
                        true,
                        "Whether objects of unknown types are pickled")),
                of(Setting.optional("sdk.development.default_shell_binary", TEXT, "Shell that runs shell scripts")),
                of(Setting.of(
                        "sdk.development.detailed_import_report",
                        BOOLEAN,
                        false,
                        "Whether every imported package is listed, also those that others require")),
                of(Setting.of(
                        "sdk.development.detect_with_conda_freeze",
                        BOOLEAN,
                        false,
                        "Whether requirements are those that conda prints")),
                of(Setting.of(
                        "sdk.development.detect_with_pip_freeze",
                        BOOLEAN,
                        false,
                        "Whether requirements are those that pip freeze prints")),
                of(Setting.of(
                        "sdk.development.force_analyze_entire_repo",
                        BOOLEAN,
                        false,
                        "Whether requirements are looked for in the whole repository")),
                of(Setting.optional(
                        "sdk.development.jupyter_server_password",
                        SECRET,
                        "Password of the notebook server, for reading the name of a notebook")),
                of(Setting.of(
                        "sdk.development.log_os_environments",
                        list(TEXT),
                        List.of(),
                        "Variables that are kept with the task")),
                of(Setting.of(
                        "sdk.development.store_code_diff_from_remote",
                        BOOLEAN,
                        false,
                        "Whether the difference to the remote branch is kept, instead of that to the last commit")),
                of(Setting.of(
                        "sdk.development.store_dataviews_on_creation",
                        BOOLEAN,
                        true,
                        "Whether data views are kept when they are made")),
                of(Setting.of(
                        "sdk.development.store_jupyter_notebook_artifact",
                        BOOLEAN,
                        true,
                        "Whether a notebook is kept as an artifact")),
                of(Setting.of(
                        "sdk.development.store_uncommitted_code_diff",
                        BOOLEAN,
                        true,
                        "Whether uncommitted changes are kept with the task")),
                of(Setting.optional(
                        "sdk.development.store_uncommitted_code_diff_on_train",
                        BOOLEAN,
                        "Older name of sdk.development.store_uncommitted_code_diff")),
                of(Setting.of(
                        "sdk.development.support_stopping",
                        BOOLEAN,
                        true,
                        "Whether a script that is run by hand ends when its task is stopped")),
                of(Setting.of(
                        "sdk.development.suppress_update_message",
                        BOOLEAN,
                        false,
                        "Whether news of a newer SDK are kept quiet")),
                of(Setting.of(
                        "sdk.development.task_reuse_time_window_in_hours",
                        NUMBER,
                        72.0,
                        "How long a task of the same name is used again, in hours")),
                of(Setting.of(
                        "sdk.development.vcs_repo_detect_async",
                        BOOLEAN,
                        true,
                        "Whether the repository is looked at in the background")),
                of(Setting.of(
                        "sdk.development.worker.console_cr_flush_period",
                        duration(ChronoUnit.SECONDS),
                        Duration.ofSeconds(10),
                        "Time between two reports of a line that is written again and again")),
                of(Setting.of("sdk.development.worker.log_stdout", BOOLEAN, true, "Whether all output is logged")),
                of(Setting.of(
                        "sdk.development.worker.ping_period_sec",
                        duration(ChronoUnit.SECONDS),
                        Duration.ofSeconds(30),
                        "Time between two pings of a running task")),
                of(Setting.of(
                        "sdk.development.worker.report_event_flush_threshold",
                        INTEGER,
                        100L,
                        "Number of events that are sent at once")),
                of(Setting.of(
                        "sdk.development.worker.report_global_mem_used",
                        BOOLEAN,
                        false,
                        "Whether the memory of the whole machine is reported, instead of the process")),
                of(Setting.optional(
                        "sdk.development.worker.report_start_sec",
                        duration(ChronoUnit.SECONDS),
                        "Time until the first report of the machine")));
    }

    private static KnownKey of(Setting<?> setting) {
        return KnownKey.passedOn(setting);
    }
}
