// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

import static ml.clear.agent.api.config.ValueTypes.BOOLEAN;
import static ml.clear.agent.api.config.ValueTypes.TEXT;
import static ml.clear.agent.api.config.ValueTypes.map;
import static ml.clear.agent.runtime.config.KnownKey.withoutEffect;

import java.util.List;
import java.util.Map;
import ml.clear.agent.api.config.Setting;

/** Keys about tasks in containers that no executor reads; the plugin of the docker executor owns the others. */
final class ContainerKeys {

    private ContainerKeys() {}

    static List<KnownKey> all() {
        return List.of(
                withoutEffect(
                        Setting.of(
                                "agent.docker_use_activated_venv",
                                BOOLEAN,
                                true,
                                "Whether a virtual environment that the image activates is used"),
                        "the agent in the container chooses the interpreter as it does outside of one"),
                withoutEffect(
                        Setting.of(
                                "agent.docker_container_name_format_fields",
                                map(TEXT),
                                Map.of(),
                                "More fields for the name of containers, each with the field of the task that it"
                                        + " shows"),
                        "names of containers have the fields task_id, worker_id and rand_string"),
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
