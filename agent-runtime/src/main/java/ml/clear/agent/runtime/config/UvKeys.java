// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

import static ml.clear.agent.api.config.ValueTypes.BOOLEAN;
import static ml.clear.agent.api.config.ValueTypes.TEXT;
import static ml.clear.agent.api.config.ValueTypes.list;

import java.util.List;
import ml.clear.agent.api.config.Setting;

/** Environments that uv builds. */
final class UvKeys {

    private UvKeys() {}

    static List<KnownKey> all() {
        return List.of(
                of(Setting.optional(
                        "agent.package_manager.uv_version",
                        TEXT,
                        "Version of uv to install; an installed one is kept where absent")),
                of(Setting.optional(
                        "agent.package_manager.uv_sync_extra_args", list(TEXT), "Arguments added to uv sync")),
                of(Setting.optional(
                        "agent.package_manager.uv_run_extra_args", list(TEXT), "Arguments added to uv run")),
                of(Setting.of(
                        "agent.package_manager.uv_sync_locked_if_lock_file",
                        BOOLEAN,
                        true,
                        "Whether uv sync must keep to the lock file")),
                of(Setting.of(
                        "agent.package_manager.uv_unsafe_best_match",
                        BOOLEAN,
                        false,
                        "Whether the best version of all indexes is taken")),
                of(Setting.of(
                        "agent.package_manager.uv_files_from_repo_working_dir",
                        BOOLEAN,
                        false,
                        "Whether uv.lock is looked for in the working folder, not in the root of the repository")));
    }

    private static KnownKey of(Setting<?> setting) {
        return KnownKey.ofPlugin("uv", setting);
    }
}
