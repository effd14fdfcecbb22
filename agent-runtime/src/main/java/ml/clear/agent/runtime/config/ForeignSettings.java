// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

import static ml.clear.agent.api.config.ValueTypes.ANY;
import static ml.clear.agent.api.config.ValueTypes.BOOLEAN;
import static ml.clear.agent.api.config.ValueTypes.INTEGER;
import static ml.clear.agent.api.config.ValueTypes.PATH;
import static ml.clear.agent.api.config.ValueTypes.TEXT;
import static ml.clear.agent.api.config.ValueTypes.duration;
import static ml.clear.agent.api.config.ValueTypes.list;
import static ml.clear.agent.api.config.ValueTypes.optional;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import ml.clear.agent.api.config.Setting;

/** Keys of parts of the Python agent that this one does not have; existing files may keep them. */
public final class ForeignSettings {

    private ForeignSettings() {}

    /** All of them. */
    public static List<Setting<?>> all() {
        return List.of(
                Setting.optional(
                        "agent.snug.whitelist", ANY, "What is measured; accepted for existing files, not read"),
                Setting.of(
                        "agent.bootstrap.use_bootstrap",
                        BOOLEAN,
                        true,
                        "Whether containers start with the bootstrap package of the Python agent; accepted for existing files, not read"),
                Setting.of(
                        "agent.bootstrap.check_for_latest",
                        BOOLEAN,
                        false,
                        "Whether a newer bootstrap package is looked for; accepted for existing files, not read"),
                Setting.of(
                        "agent.bootstrap.check_for_latest_timeout",
                        duration(ChronoUnit.SECONDS),
                        Duration.ofSeconds(5),
                        "Time for looking for a newer bootstrap package; accepted for existing files, not read"),
                Setting.of(
                        "agent.bootstrap.host_bootstrap_dir",
                        optional(PATH),
                        Optional.of(PATH.parse("~/.clearml.bootstrap")),
                        "Folder of the bootstrap package; accepted for existing files, not read"),
                Setting.of(
                        "agent.bootstrap.host_bootstrap_cache_dir",
                        optional(PATH),
                        Optional.of(PATH.parse("~/.clearml.bootstrap.cache")),
                        "Cache of the bootstrap package; accepted for existing files, not read"),
                Setting.of(
                        "agent.bootstrap.skip_git_installation",
                        BOOLEAN,
                        true,
                        "Whether a git that is in the image is used; accepted for existing files, not read"),
                Setting.of(
                        "agent.bootstrap.always_use_static_git",
                        BOOLEAN,
                        false,
                        "Whether the git of the bootstrap package is used; accepted for existing files, not read"),
                Setting.of(
                        "agent.bootstrap.always_install_ca_cert",
                        BOOLEAN,
                        true,
                        "Whether the certificates package is installed; accepted for existing files, not read"),
                Setting.optional(
                        "agent.bootstrap.map_external_ssl_cert",
                        PATH,
                        "Certificate file that containers see; accepted for existing files, not read"),
                Setting.optional(
                        "agent.bootstrap.uv_python_meta_file",
                        TEXT,
                        "List of Python builds for uv; accepted for existing files, not read"),
                Setting.optional(
                        "agent.bootstrap.uv_default_index_url",
                        TEXT,
                        "Default index of uv; accepted for existing files, not read"),
                Setting.optional(
                        "agent.bootstrap.uv_index_url",
                        TEXT,
                        "Further index of uv; accepted for existing files, not read"),
                Setting.optional(
                        "agent.bootstrap.uv_use_builtin_tls",
                        BOOLEAN,
                        "Which certificates uv trusts; accepted for existing files, not read"),
                Setting.optional(
                        "agent.bootstrap.uv_insecure",
                        TEXT,
                        "Hosts whose certificate uv does not check; accepted for existing files, not read"),
                Setting.optional(
                        "agent.bootstrap.git_insecure",
                        BOOLEAN,
                        "Whether git leaves certificates unchecked; accepted for existing files, not read"),
                Setting.optional(
                        "agent.bootstrap.uv_def_python_ver",
                        TEXT,
                        "Default version of Python for uv; accepted for existing files, not read"),
                Setting.optional(
                        "agent.bootstrap.auto_update_uv_bin",
                        BOOLEAN,
                        "Whether uv is kept up to date; accepted for existing files, not read"),
                Setting.optional(
                        "agent.bootstrap.auto_update_uv_url_gh",
                        TEXT,
                        "Where uv is updated from; accepted for existing files, not read"),
                Setting.optional(
                        "agent.bootstrap.auto_update_uv_url_ghe",
                        TEXT,
                        "Where uv is updated from in enterprises; accepted for existing files, not read"),
                Setting.optional(
                        "agent.bootstrap.always_update",
                        BOOLEAN,
                        "Whether the bootstrap package is always updated; accepted for existing files, not read"),
                Setting.of(
                                "agent.snug.enabled",
                                BOOLEAN,
                                false,
                                "Whether use of the network is measured; accepted for existing files, not read")
                        .environment("CLEARML_AGENT_SNUG_ENABLED"),
                Setting.optional(
                        "agent.snug.app_mode", TEXT, "Mode of measuring; accepted for existing files, not read"),
                Setting.optional(
                        "agent.snug.report_usage_events",
                        BOOLEAN,
                        "Whether use is reported; accepted for existing files, not read"),
                Setting.optional(
                        "agent.snug.report_task_metrics",
                        BOOLEAN,
                        "Whether use is reported as scalars; accepted for existing files, not read"),
                Setting.optional(
                        "agent.snug.call_history",
                        TEXT,
                        "Which calls are remembered; accepted for existing files, not read"),
                Setting.optional(
                        "agent.snug.call_history_buffer",
                        INTEGER,
                        "How many calls are remembered; accepted for existing files, not read"),
                Setting.optional(
                        "agent.snug.call_history_cap_bytes",
                        INTEGER,
                        "How much of calls is remembered; accepted for existing files, not read"),
                Setting.of(
                        "agent.snug.poll_interval_sec",
                        duration(ChronoUnit.SECONDS),
                        Duration.ofSeconds(10),
                        "Time between two measurements; accepted for existing files, not read"),
                Setting.optional(
                        "agent.snug.default_tokenizer",
                        TEXT,
                        "How tokens are counted; accepted for existing files, not read"),
                Setting.optional(
                        "agent.snug.debug_log",
                        BOOLEAN,
                        "Whether measuring is logged; accepted for existing files, not read"),
                Setting.optional(
                        "agent.snug.aggregator_url",
                        TEXT,
                        "Where measurements are sent; accepted for existing files, not read"),
                Setting.optional(
                        "agent.snug.task_metrics_fields",
                        list(TEXT),
                        "What is reported as scalars; accepted for existing files, not read"));
    }
}
