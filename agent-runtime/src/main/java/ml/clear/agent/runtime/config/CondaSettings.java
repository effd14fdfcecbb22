// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

import static ml.clear.agent.api.config.ValueTypes.BOOLEAN;
import static ml.clear.agent.api.config.ValueTypes.PATH;
import static ml.clear.agent.api.config.ValueTypes.TEXT;
import static ml.clear.agent.api.config.ValueTypes.list;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import ml.clear.agent.api.config.Setting;

/** Environments that conda builds. */
public final class CondaSettings {

    /** Channels that conda looks for packages in. */
    public static final Setting<List<String>> CHANNELS = Setting.of(
            "agent.package_manager.conda_channels",
            list(TEXT),
            List.of("pytorch", "conda-forge", "nvidia", "defaults"),
            "Channels that conda looks for packages in");

    /** Whether the image of a task is the path of a ready conda environment. */
    public static final Setting<Optional<Boolean>> ENVIRONMENT_AS_IMAGE = Setting.optional(
            "agent.package_manager.conda_env_as_base_docker",
            BOOLEAN,
            "Whether the image of a task is the path of a ready conda environment");

    /** Whether the installed packages are written back into the task. */
    public static final Setting<Boolean> FULL_UPDATE = Setting.of(
            "agent.package_manager.conda_full_env_update",
            BOOLEAN,
            false,
            "Whether the installed packages are written back into the task");

    /** Whether packages are installed into the base environment. */
    public static final Setting<Optional<Boolean>> USE_BASE = Setting.optional(
                    "agent.package_manager.use_conda_base_env",
                    BOOLEAN,
                    "Whether packages are installed into the base environment")
            .environment("CLEARML_USE_CONDA_BASE_ENV");

    /** Ready conda environment, a folder or a packed file, to use. */
    public static final Setting<Optional<Path>> READY_ENVIRONMENT = Setting.optional(
                    "agent.package_manager.conda_env_package",
                    PATH,
                    "Ready conda environment, a folder or a packed file, to use")
            .environment("CLEARML_CONDA_ENV_PACKAGE", "TRAINS_CONDA_ENV_PACKAGE");

    private CondaSettings() {}

    /** All of them. */
    public static List<Setting<?>> all() {
        return List.of(CHANNELS, ENVIRONMENT_AS_IMAGE, FULL_UPDATE, USE_BASE, READY_ENVIRONMENT);
    }
}
