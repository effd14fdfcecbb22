// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.uv;

import java.util.List;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.config.Settings;
import ml.clear.agent.api.config.ValueTypes;

/**
 * The configuration of uv.
 *
 * @param version a condition on uv's version; empty for the installed one, or the newest
 * @param program the uv to use; empty to look for one
 * @param syncArguments more arguments of {@code uv sync}
 * @param runArguments more arguments of {@code uv run}; without them scripts are started by the interpreter itself
 * @param locked whether {@code uv sync} must keep to a lock file
 * @param bestMatch whether the best version of all indexes is taken
 * @param inScriptFolder whether the project is looked for in the folder of the script
 */
record UvSettings(
        String version,
        String program,
        List<String> syncArguments,
        List<String> runArguments,
        boolean locked,
        boolean bestMatch,
        boolean inScriptFolder) {

    static final Setting<String> VERSION = Setting.of(
            "agent.package_manager.uv_version",
            ValueTypes.TEXT,
            "",
            "Version of uv, such as 0.9.5 or >=0.9,<0.10; an installed uv of any version is used where empty, and the newest is "
                    + "installed for the agent where there is none");

    static final Setting<String> PROGRAM = Setting.of(
                    "agent.package_manager.uv_program",
                    ValueTypes.TEXT,
                    "",
                    "Path of the uv to use; uv is looked for on PATH, and installed for the agent if absent, where empty")
            .environment("CLEARML_BOOTSTRAP_UV_EXEC");

    static final Setting<List<String>> SYNC_ARGUMENTS =
            arguments("uv_sync_extra_args", "Arguments added to uv sync, such as --group train");

    static final Setting<List<String>> RUN_ARGUMENTS = arguments(
            "uv_run_extra_args",
            "Arguments added to uv run, such as --with tqdm; without any, scripts are started by the environment's interpreter");

    static final Setting<Boolean> LOCKED = Setting.of(
            "agent.package_manager.uv_sync_locked_if_lock_file",
            ValueTypes.BOOLEAN,
            true,
            "Run uv sync with --locked where there is a lock file; one that is out of date is reported, then resolved again");

    static final Setting<Boolean> BEST_MATCH = Setting.of(
            "agent.package_manager.uv_unsafe_best_match",
            ValueTypes.BOOLEAN,
            false,
            "Take the best version of all indexes, as pip does, rather than of the first index that has the package; "
                    + "UV_INDEX_STRATEGY overrides it");

    static final Setting<Boolean> IN_SCRIPT_FOLDER = Setting.of(
            "agent.package_manager.uv_files_from_repo_working_dir",
            ValueTypes.BOOLEAN,
            false,
            "Look for uv.lock and pyproject.toml in the working folder rather than in the root of the repository");

    UvSettings {
        syncArguments = List.copyOf(syncArguments);
        runArguments = List.copyOf(runArguments);
    }

    static List<Setting<?>> all() {
        return List.of(VERSION, PROGRAM, SYNC_ARGUMENTS, RUN_ARGUMENTS, LOCKED, BEST_MATCH, IN_SCRIPT_FOLDER);
    }

    static UvSettings of(Settings settings) {
        return new UvSettings(
                settings.get(VERSION).strip(),
                settings.get(PROGRAM).strip(),
                settings.get(SYNC_ARGUMENTS),
                settings.get(RUN_ARGUMENTS),
                settings.get(LOCKED),
                settings.get(BEST_MATCH),
                settings.get(IN_SCRIPT_FOLDER));
    }

    private static Setting<List<String>> arguments(String name, String description) {
        return Setting.of("agent.package_manager." + name, ValueTypes.list(ValueTypes.TEXT), List.of(), description);
    }
}
