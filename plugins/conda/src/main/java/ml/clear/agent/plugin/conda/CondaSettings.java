// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.conda;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.config.Settings;
import ml.clear.agent.api.config.ValueTypes;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of conda.
 *
 * @param channels where packages are looked for, the first channel preferred; may hold passwords
 * @param imageIsEnvironment whether the container image of a task is the path of a ready environment
 * @param recordPackages whether the installed packages are recorded in the task
 * @param baseEnvironment whether packages go into the base environment of the installed conda
 * @param readyEnvironment a ready environment to use: a folder, or a packed file; null for none
 */
record CondaSettings(
        List<String> channels,
        boolean imageIsEnvironment,
        boolean recordPackages,
        boolean baseEnvironment,
        @Nullable Path readyEnvironment) {

    static final Setting<List<String>> CHANNELS = Setting.of(
            "agent.package_manager.conda_channels",
            ValueTypes.list(ValueTypes.TEXT),
            List.of("pytorch", "conda-forge", "nvidia", "defaults"),
            "Channels that conda looks for packages in, the preferred one first");

    static final Setting<Boolean> IMAGE_IS_ENVIRONMENT = Setting.of(
            "agent.package_manager.conda_env_as_base_docker",
            ValueTypes.BOOLEAN,
            false,
            "Use the container image that a task names as the path of a ready conda environment");

    static final Setting<Boolean> RECORD_PACKAGES = Setting.of(
            "agent.package_manager.conda_full_env_update",
            ValueTypes.BOOLEAN,
            false,
            "Record the packages of an environment that conda built in the task");

    static final Setting<Boolean> BASE_ENVIRONMENT = Setting.of(
                    "agent.package_manager.use_conda_base_env",
                    ValueTypes.BOOLEAN,
                    false,
                    "Install packages into the base environment of the installed conda")
            .environment("CLEARML_USE_CONDA_BASE_ENV");

    static final Setting<Optional<Path>> READY_ENVIRONMENT = Setting.optional(
                    "agent.package_manager.conda_env_package",
                    ValueTypes.PATH,
                    "Ready conda environment to use: a folder, used as it is, or an archive of conda-pack, to which the "
                            + "task's packages are added")
            .environment("CLEARML_CONDA_ENV_PACKAGE", "TRAINS_CONDA_ENV_PACKAGE");

    CondaSettings {
        channels = List.copyOf(channels);
    }

    static List<Setting<?>> all() {
        return List.of(CHANNELS, IMAGE_IS_ENVIRONMENT, RECORD_PACKAGES, BASE_ENVIRONMENT, READY_ENVIRONMENT);
    }

    static CondaSettings of(Settings settings) {
        return new CondaSettings(
                settings.get(CHANNELS),
                settings.get(IMAGE_IS_ENVIRONMENT),
                settings.get(RECORD_PACKAGES),
                settings.get(BASE_ENVIRONMENT),
                settings.get(READY_ENVIRONMENT).orElse(null));
    }
}
