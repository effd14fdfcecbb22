// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

import static ml.clear.agent.api.config.ValueTypes.BOOLEAN;
import static ml.clear.agent.api.config.ValueTypes.TEXT;
import static ml.clear.agent.api.config.ValueTypes.list;

import java.util.List;
import java.util.Optional;
import ml.clear.agent.api.config.Setting;

/** Environments that poetry builds. */
public final class PoetrySettings {

    /** Version of poetry to install; an installed one is kept where absent. */
    public static final Setting<Optional<String>> VERSION = Setting.optional(
            "agent.package_manager.poetry_version",
            TEXT,
            "Version of poetry to install; an installed one is kept where absent");

    /** Arguments added to poetry install. */
    public static final Setting<Optional<List<String>>> INSTALL_ARGUMENTS = Setting.optional(
            "agent.package_manager.poetry_install_extra_args", list(TEXT), "Arguments added to poetry install");

    /** Whether poetry.lock is looked for in the working folder, not in the root of the repository. */
    public static final Setting<Boolean> WORKING_FOLDER = Setting.of(
            "agent.package_manager.poetry_files_from_repo_working_dir",
            BOOLEAN,
            false,
            "Whether poetry.lock is looked for in the working folder, not in the root of the repository");

    private PoetrySettings() {}

    /** All of them. */
    public static List<Setting<?>> all() {
        return List.of(VERSION, INSTALL_ARGUMENTS, WORKING_FOLDER);
    }
}
