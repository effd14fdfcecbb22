// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.poetry;

import java.util.List;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.config.Settings;
import ml.clear.agent.api.config.ValueTypes;

/**
 * The configuration of poetry.
 *
 * @param version a condition on poetry's version; empty for the installed one, or the newest
 * @param installArguments more arguments of {@code poetry install}
 * @param inScriptFolder whether the project is looked for in the folder of the script
 */
record PoetrySettings(String version, List<String> installArguments, boolean inScriptFolder) {

    static final Setting<String> VERSION = Setting.of(
            "agent.package_manager.poetry_version",
            ValueTypes.TEXT,
            "",
            "Version of poetry, such as 1.8.5 or >=2,<3; an installed poetry from 1.2 on is used where empty, and the newest is "
                    + "installed for the agent where there is none");

    static final Setting<List<String>> INSTALL_ARGUMENTS = Setting.of(
            "agent.package_manager.poetry_install_extra_args",
            ValueTypes.list(ValueTypes.TEXT),
            List.of(),
            "Arguments added to poetry install, such as --without dev");

    static final Setting<Boolean> IN_SCRIPT_FOLDER = Setting.of(
            "agent.package_manager.poetry_files_from_repo_working_dir",
            ValueTypes.BOOLEAN,
            false,
            "Look for poetry.lock and pyproject.toml in the working folder rather than in the root of the repository");

    PoetrySettings {
        installArguments = List.copyOf(installArguments);
    }

    static List<Setting<?>> all() {
        return List.of(VERSION, INSTALL_ARGUMENTS, IN_SCRIPT_FOLDER);
    }

    static PoetrySettings of(Settings settings) {
        return new PoetrySettings(
                settings.get(VERSION).strip(), settings.get(INSTALL_ARGUMENTS), settings.get(IN_SCRIPT_FOLDER));
    }
}
