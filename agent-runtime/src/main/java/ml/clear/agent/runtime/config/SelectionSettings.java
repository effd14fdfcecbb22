// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

import static ml.clear.agent.api.config.ValueTypes.TEXT;
import static ml.clear.agent.api.config.ValueTypes.list;

import java.util.List;
import java.util.Optional;
import ml.clear.agent.api.config.Setting;

/** Which plugins do what. */
public final class SelectionSettings {

    /** Id of the package manager that builds the environment of tasks. */
    public static final Setting<String> PACKAGE_MANAGER = Setting.of(
            "agent.package_manager.type",
            TEXT,
            "pip",
            "Id of the package manager that builds the environment of tasks");

    /** Ids of package managers that are used for the repositories which are written for them. */
    public static final Setting<List<String>> LOCK_FILE_DETECTION = Setting.of(
            "agent.package_manager.lock_file_detection",
            list(TEXT),
            List.of("poetry"),
            "Ids of package managers that are used for the repositories which are written for them, such as those with a "
                    + "poetry.lock, regardless of agent.package_manager.type");

    /** Id of the executor that starts tasks where the command line names none. */
    public static final Setting<String> EXECUTOR = Setting.of(
            "agent.executor.type",
            TEXT,
            "venv",
            "Id of the executor that starts tasks where the command line names none");

    /** Ids of the providers of credentials for repositories, in the order in which they are asked; all of them where absent. */
    public static final Setting<Optional<List<String>>> VCS_CREDENTIALS = Setting.optional(
            "agent.vcs_credentials",
            list(TEXT),
            "Ids of the providers of credentials for repositories, in the order in which they are asked; all of them where absent");

    private SelectionSettings() {}

    /** All of them. */
    public static List<Setting<?>> all() {
        return List.of(PACKAGE_MANAGER, LOCK_FILE_DETECTION, EXECUTOR, VCS_CREDENTIALS);
    }
}
