// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

import static ml.clear.agent.api.config.ValueTypes.BOOLEAN;
import static ml.clear.agent.runtime.config.KnownKey.withoutEffect;

import java.util.List;
import ml.clear.agent.api.config.Setting;

/** Keys about tasks in containers that no executor reads; the plugin of the docker executor owns the others. */
final class ContainerKeys {

    private ContainerKeys() {}

    static List<KnownKey> all() {
        return List.of(
                withoutEffect(
                        Setting.of(
                                "agent.hide_docker_command_env_vars.parse_embedded_urls",
                                BOOLEAN,
                                true,
                                "Whether passwords in addresses are hidden in printed commands"),
                        "passwords in addresses are hidden in everything that is printed"),
                withoutEffect(
                        Setting.of(
                                "agent.docker_apply_environment_from_vault",
                                BOOLEAN,
                                true,
                                "Whether variables of the owner's vault reach the container"),
                        "vaults are never fetched"));
    }
}
