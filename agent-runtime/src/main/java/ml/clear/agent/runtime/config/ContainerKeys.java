// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

import static ml.clear.agent.api.config.ValueTypes.ANY;
import static ml.clear.agent.api.config.ValueTypes.BOOLEAN;
import static ml.clear.agent.api.config.ValueTypes.INTEGER;
import static ml.clear.agent.api.config.ValueTypes.PATH;
import static ml.clear.agent.api.config.ValueTypes.TEXT;
import static ml.clear.agent.api.config.ValueTypes.list;
import static ml.clear.agent.api.config.ValueTypes.map;
import static ml.clear.agent.api.config.ValueTypes.optional;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import ml.clear.agent.api.config.Setting;

/** Tasks in containers. */
final class ContainerKeys {

    private ContainerKeys() {}

    static List<KnownKey> all() {
        return List.of(
                of(Setting.of(
                                "agent.default_docker.image",
                                TEXT,
                                "nvidia/cuda:12.6.3-cudnn-runtime-ubuntu20.04",
                                "Image for tasks that name none; text behind the first blank is arguments")
                        .environment("CLEARML_DOCKER_IMAGE", "TRAINS_DOCKER_IMAGE")),
                of(Setting.optional(
                        "agent.default_docker.arguments",
                        list(TEXT),
                        "Arguments for docker where the default image is used")),
                of(Setting.of(
                        "agent.default_docker.update_back_task",
                        BOOLEAN,
                        true,
                        "Whether the container that a rule chose is written into the task")),
                of(Setting.of(
                        "agent.disable_task_docker_override",
                        BOOLEAN,
                        false,
                        "Whether image and arguments of the task are ignored")),
                of(Setting.of(
                        "agent.docker_force_pull", BOOLEAN, false, "Whether the image is pulled before every task")),
                of(Setting.optional(
                                "agent.extra_docker_arguments",
                                list(TEXT),
                                "Arguments for docker that this agent adds to those of the task")
                        .environment("CLEARML_AGENT_EXTRA_DOCKER_ARGS")),
                of(Setting.optional("agent.extra_docker_labels", list(TEXT), "Labels for every container")
                        .environment("CLEARML_AGENT_EXTRA_DOCKER_LABELS")),
                of(Setting.of(
                        "agent.docker_args_extra_precedes_task",
                        BOOLEAN,
                        true,
                        "Whether the arguments of this agent win over the same ones of the task")),
                of(Setting.of(
                        "agent.protected_docker_extra_args",
                        list(TEXT),
                        List.of("privileged", "security-opt", "network", "ipc"),
                        "Arguments of this agent that a task may not replace")),
                of(Setting.of(
                        "agent.forbidden_docker_args",
                        list(TEXT),
                        List.of("entrypoint"),
                        "Arguments that are removed wherever they come from")),
                of(Setting.optional(
                                "agent.docker_args_filters",
                                list(TEXT),
                                "Patterns of the arguments that a task may use; all where absent")
                        .environment("CLEARML_AGENT_DOCKER_ARGS_FILTERS")),
                of(Setting.optional(
                        "agent.docker_allow_host_environ",
                        BOOLEAN,
                        "Whether variables of this machine are expanded in arguments of a task")),
                of(Setting.optional(
                        "agent.docker_args_allowed_port_range",
                        list(INTEGER),
                        "First and last port of this machine that a task may publish")),
                of(Setting.optional(
                        "agent.extra_docker_shell_script",
                        list(TEXT),
                        "Lines of shell that run in the container before the task")),
                of(Setting.optional(
                        "agent.docker_init_bash_script",
                        list(TEXT),
                        "Lines of shell that prepare the container, in place of the built-in ones")),
                of(Setting.optional(
                        "agent.docker_preprocess_bash_script",
                        list(TEXT),
                        "Lines of shell that run first in the container")),
                of(Setting.of(
                        "agent.docker_install_opencv_libs",
                        BOOLEAN,
                        true,
                        "Whether the libraries that OpenCV needs are installed in the container")),
                of(Setting.of(
                        "agent.docker_use_activated_venv",
                        BOOLEAN,
                        true,
                        "Whether a virtual environment that the image activates is used")),
                of(Setting.of(
                        "agent.docker_pip_cache",
                        optional(PATH),
                        Optional.of(PATH.parse("~/.clearml/pip-cache")),
                        "Folder of this machine that serves containers as cache of pip; empty turns it off")),
                of(Setting.of(
                        "agent.docker_apt_cache",
                        optional(PATH),
                        Optional.of(PATH.parse("~/.clearml/apt-cache")),
                        "Folder of this machine that serves containers as cache of apt; empty turns it off")),
                of(Setting.of(
                        "agent.docker_poetry_cache",
                        optional(PATH),
                        Optional.of(PATH.parse("~/.clearml/poetry-cache")),
                        "Folder of this machine that serves containers as cache of poetry; empty turns it off")),
                of(Setting.of(
                                "agent.disable_ssh_mount",
                                BOOLEAN,
                                false,
                                "Whether the keys in ~/.ssh are kept from containers")
                        .environment("CLEARML_AGENT_DISABLE_SSH_MOUNT")),
                of(Setting.optional(
                        "agent.docker_container_name_format",
                        TEXT,
                        "Name of containers, with the fields task_id, worker_id and rand_string")),
                of(Setting.of(
                        "agent.docker_container_name_format_fields",
                        map(TEXT),
                        Map.of(),
                        "More fields for the name of containers, each with the field of the task that it shows")),
                of(Setting.of(
                        "agent.hide_docker_command_env_vars.enabled",
                        BOOLEAN,
                        true,
                        "Whether values of secret variables are hidden in printed commands")),
                of(Setting.of(
                                "agent.hide_docker_command_env_vars.extra_keys",
                                list(TEXT),
                                List.of(),
                                "More variables whose values are hidden in printed commands")
                        .environment("CLEARML_AGENT_DOCKER_ARGS_HIDE_ENV")),
                of(Setting.of(
                        "agent.hide_docker_command_env_vars.parse_embedded_urls",
                        BOOLEAN,
                        true,
                        "Whether passwords in addresses are hidden in printed commands")),
                of(Setting.of(
                        "agent.docker_apply_environment_from_vault",
                        BOOLEAN,
                        true,
                        "Whether variables of the owner's vault reach the container")),
                of(Setting.of(
                        "agent.docker_internal_mounts",
                        map(TEXT),
                        Map.of(),
                        "Where folders of this machine appear in the container, by name")),
                of(Setting.optional(
                        "agent.default_docker.match_rules",
                        ANY,
                        "Rules that choose the container by what the task is, the first that fits")));
    }

    private static KnownKey of(Setting<?> setting) {
        return KnownKey.ofPlugin("docker", setting);
    }
}
