// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

import static ml.clear.agent.api.config.ValueTypes.BOOLEAN;
import static ml.clear.agent.api.config.ValueTypes.TEXT;
import static ml.clear.agent.api.config.ValueTypes.list;

import java.util.List;
import java.util.Optional;
import ml.clear.agent.api.config.Setting;

/** Environments that uv builds. */
public final class UvSettings {

    /** Version of uv to install; an installed one is kept where absent. */
    public static final Setting<Optional<String>> VERSION = Setting.optional(
            "agent.package_manager.uv_version",
            TEXT,
            "Version of uv to install; an installed one is kept where absent");

    /** Arguments added to uv sync. */
    public static final Setting<Optional<List<String>>> SYNC_ARGUMENTS =
            Setting.optional("agent.package_manager.uv_sync_extra_args", list(TEXT), "Arguments added to uv sync");

    /** Arguments added to uv run. */
    public static final Setting<Optional<List<String>>> RUN_ARGUMENTS =
            Setting.optional("agent.package_manager.uv_run_extra_args", list(TEXT), "Arguments added to uv run");

    /** Whether uv sync must keep to the lock file. */
    public static final Setting<Boolean> SYNC_LOCKED = Setting.of(
            "agent.package_manager.uv_sync_locked_if_lock_file",
            BOOLEAN,
            true,
            "Whether uv sync must keep to the lock file");

    /** Whether uv pip installs requirements where there is no lock file. */
    public static final Setting<Boolean> REPLACE_PIP = Setting.of(
            "agent.package_manager.uv_replace_pip",
            BOOLEAN,
            false,
            "Whether uv pip installs requirements where there is no lock file");

    /** Whether the best version of all indexes is taken. */
    public static final Setting<Boolean> UNSAFE_BEST_MATCH = Setting.of(
            "agent.package_manager.uv_unsafe_best_match",
            BOOLEAN,
            false,
            "Whether the best version of all indexes is taken");

    /** Whether uv.lock is looked for in the working folder, not in the root of the repository. */
    public static final Setting<Boolean> WORKING_FOLDER = Setting.of(
            "agent.package_manager.uv_files_from_repo_working_dir",
            BOOLEAN,
            false,
            "Whether uv.lock is looked for in the working folder, not in the root of the repository");

    private UvSettings() {}

    /** All of them. */
    public static List<Setting<?>> all() {
        return List.of(
                VERSION, SYNC_ARGUMENTS, RUN_ARGUMENTS, SYNC_LOCKED, REPLACE_PIP, UNSAFE_BEST_MATCH, WORKING_FOLDER);
    }
}
