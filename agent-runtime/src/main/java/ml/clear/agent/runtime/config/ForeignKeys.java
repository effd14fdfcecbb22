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
final class ForeignKeys {

    private ForeignKeys() {}

    static List<KnownKey> all() {
        return List.of(
                snug(Setting.optional("agent.snug.whitelist", ANY, "What is measured")),
                bootstrap(Setting.of(
                        "agent.bootstrap.use_bootstrap",
                        BOOLEAN,
                        true,
                        "Whether containers start with the bootstrap package of the Python agent")),
                bootstrap(Setting.of(
                        "agent.bootstrap.check_for_latest",
                        BOOLEAN,
                        false,
                        "Whether a newer bootstrap package is looked for")),
                bootstrap(Setting.of(
                        "agent.bootstrap.check_for_latest_timeout",
                        duration(ChronoUnit.SECONDS),
                        Duration.ofSeconds(5),
                        "Time for looking for a newer bootstrap package")),
                bootstrap(Setting.of(
                        "agent.bootstrap.host_bootstrap_dir",
                        optional(PATH),
                        Optional.of(PATH.parse("~/.clearml.bootstrap")),
                        "Folder of the bootstrap package")),
                bootstrap(Setting.of(
                        "agent.bootstrap.host_bootstrap_cache_dir",
                        optional(PATH),
                        Optional.of(PATH.parse("~/.clearml.bootstrap.cache")),
                        "Cache of the bootstrap package")),
                bootstrap(Setting.of(
                        "agent.bootstrap.skip_git_installation",
                        BOOLEAN,
                        true,
                        "Whether a git that is in the image is used")),
                bootstrap(Setting.of(
                        "agent.bootstrap.always_use_static_git",
                        BOOLEAN,
                        false,
                        "Whether the git of the bootstrap package is used")),
                bootstrap(Setting.of(
                        "agent.bootstrap.always_install_ca_cert",
                        BOOLEAN,
                        true,
                        "Whether the certificates package is installed")),
                bootstrap(Setting.optional(
                        "agent.bootstrap.map_external_ssl_cert", PATH, "Certificate file that containers see")),
                bootstrap(
                        Setting.optional("agent.bootstrap.uv_python_meta_file", TEXT, "List of Python builds for uv")),
                bootstrap(Setting.optional("agent.bootstrap.uv_default_index_url", TEXT, "Default index of uv")),
                bootstrap(Setting.optional("agent.bootstrap.uv_index_url", TEXT, "Further index of uv")),
                bootstrap(Setting.optional(
                        "agent.bootstrap.uv_use_builtin_tls", BOOLEAN, "Which certificates uv trusts")),
                bootstrap(Setting.optional(
                        "agent.bootstrap.uv_insecure", TEXT, "Hosts whose certificate uv does not check")),
                bootstrap(Setting.optional(
                        "agent.bootstrap.git_insecure", BOOLEAN, "Whether git leaves certificates unchecked")),
                bootstrap(Setting.optional(
                        "agent.bootstrap.uv_def_python_ver", TEXT, "Default version of Python for uv")),
                bootstrap(Setting.optional(
                        "agent.bootstrap.auto_update_uv_bin", BOOLEAN, "Whether uv is kept up to date")),
                bootstrap(Setting.optional("agent.bootstrap.auto_update_uv_url_gh", TEXT, "Where uv is updated from")),
                bootstrap(Setting.optional(
                        "agent.bootstrap.auto_update_uv_url_ghe", TEXT, "Where uv is updated from in enterprises")),
                bootstrap(Setting.optional(
                        "agent.bootstrap.always_update", BOOLEAN, "Whether the bootstrap package is always updated")),
                snug(Setting.of("agent.snug.enabled", BOOLEAN, false, "Whether use of the network is measured")
                        .environment("CLEARML_AGENT_SNUG_ENABLED")),
                snug(Setting.optional("agent.snug.app_mode", TEXT, "Mode of measuring")),
                snug(Setting.optional("agent.snug.report_usage_events", BOOLEAN, "Whether use is reported")),
                snug(Setting.optional("agent.snug.report_task_metrics", BOOLEAN, "Whether use is reported as scalars")),
                snug(Setting.optional("agent.snug.call_history", TEXT, "Which calls are remembered")),
                snug(Setting.optional("agent.snug.call_history_buffer", INTEGER, "How many calls are remembered")),
                snug(Setting.optional("agent.snug.call_history_cap_bytes", INTEGER, "How much of calls is remembered")),
                snug(Setting.of(
                        "agent.snug.poll_interval_sec",
                        duration(ChronoUnit.SECONDS),
                        Duration.ofSeconds(10),
                        "Time between two measurements")),
                snug(Setting.optional("agent.snug.default_tokenizer", TEXT, "How tokens are counted")),
                snug(Setting.optional("agent.snug.debug_log", BOOLEAN, "Whether measuring is logged")),
                snug(Setting.optional("agent.snug.aggregator_url", TEXT, "Where measurements are sent")),
                snug(Setting.optional("agent.snug.task_metrics_fields", list(TEXT), "What is reported as scalars")));
    }

    private static KnownKey bootstrap(Setting<?> setting) {
        return KnownKey.retired(
                setting, "containers get this agent, not the bootstrap package of the Python agent; remove the key");
    }

    private static KnownKey snug(Setting<?> setting) {
        return KnownKey.retired(setting, "use of the network is not measured; remove the key");
    }
}
