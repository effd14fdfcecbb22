// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

import static ml.clear.agent.api.config.ValueTypes.BOOLEAN;
import static ml.clear.agent.api.config.ValueTypes.TEXT;
import static ml.clear.agent.api.config.ValueTypes.list;

import java.util.List;
import ml.clear.agent.api.config.Setting;

/** Environments that poetry builds. */
final class PoetryKeys {

    private PoetryKeys() {}

    static List<KnownKey> all() {
        return List.of(
                of(Setting.optional(
                        "agent.package_manager.poetry_version",
                        TEXT,
                        "Version of poetry to install; an installed one is kept where absent")),
                of(Setting.optional(
                        "agent.package_manager.poetry_install_extra_args",
                        list(TEXT),
                        "Arguments added to poetry install")),
                of(Setting.of(
                        "agent.package_manager.poetry_files_from_repo_working_dir",
                        BOOLEAN,
                        false,
                        "Whether poetry.lock is looked for in the working folder, not in the root of the repository")));
    }

    private static KnownKey of(Setting<?> setting) {
        return KnownKey.ofPlugin("poetry", setting);
    }
}
