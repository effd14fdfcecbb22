// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

import static ml.clear.agent.api.config.ValueTypes.BOOLEAN;
import static ml.clear.agent.api.config.ValueTypes.PATH;
import static ml.clear.agent.api.config.ValueTypes.TEXT;
import static ml.clear.agent.api.config.ValueTypes.list;

import java.util.List;
import ml.clear.agent.api.config.Setting;

/** Environments that conda builds. */
final class CondaKeys {

    private CondaKeys() {}

    static List<KnownKey> all() {
        return List.of(
                of(Setting.of(
                        "agent.package_manager.conda_channels",
                        list(TEXT),
                        List.of("pytorch", "conda-forge", "nvidia", "defaults"),
                        "Channels that conda looks for packages in")),
                of(Setting.optional(
                        "agent.package_manager.conda_env_as_base_docker",
                        BOOLEAN,
                        "Whether the image of a task is the path of a ready conda environment")),
                of(Setting.of(
                        "agent.package_manager.conda_full_env_update",
                        BOOLEAN,
                        false,
                        "Whether the installed packages are written back into the task")),
                of(Setting.optional(
                                "agent.package_manager.use_conda_base_env",
                                BOOLEAN,
                                "Whether packages are installed into the base environment")
                        .environment("CLEARML_USE_CONDA_BASE_ENV")),
                of(Setting.optional(
                                "agent.package_manager.conda_env_package",
                                PATH,
                                "Ready conda environment, a folder or a packed file, to use")
                        .environment("CLEARML_CONDA_ENV_PACKAGE", "TRAINS_CONDA_ENV_PACKAGE")));
    }

    private static KnownKey of(Setting<?> setting) {
        return KnownKey.ofPlugin("conda", setting);
    }
}
