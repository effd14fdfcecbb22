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

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import ml.clear.agent.api.config.Setting;

/** Tasks in containers. */
public final class ContainerSettings {

    /** Image for tasks that name none; text behind the first blank is arguments. */
    public static final Setting<String> DEFAULT_IMAGE = Setting.of(
                    "agent.default_docker.image",
                    TEXT,
                    "nvidia/cuda:12.6.3-cudnn-runtime-ubuntu20.04",
                    "Image for tasks that name none; text behind the first blank is arguments")
            .environment("CLEARML_DOCKER_IMAGE", "TRAINS_DOCKER_IMAGE");

    /** Arguments for docker where the default image is used. */
    public static final Setting<Optional<List<String>>> DEFAULT_ARGUMENTS = Setting.optional(
            "agent.default_docker.arguments", list(TEXT), "Arguments for docker where the default image is used");

    /** Whether the container that a rule chose is written into the task. */
    public static final Setting<Boolean> UPDATE_BACK_TASK = Setting.of(
            "agent.default_docker.update_back_task",
            BOOLEAN,
            true,
            "Whether the container that a rule chose is written into the task");

    /** Whether image and arguments of the task are ignored. */
    public static final Setting<Boolean> DISABLE_TASK_OVERRIDE = Setting.of(
            "agent.disable_task_docker_override",
            BOOLEAN,
            false,
            "Whether image and arguments of the task are ignored");

    /** Whether the image is pulled before every task. */
    public static final Setting<Boolean> FORCE_PULL =
            Setting.of("agent.docker_force_pull", BOOLEAN, false, "Whether the image is pulled before every task");

    /** Arguments for docker that this agent adds to those of the task. */
    public static final Setting<Optional<List<String>>> EXTRA_ARGUMENTS = Setting.optional(
                    "agent.extra_docker_arguments",
                    list(TEXT),
                    "Arguments for docker that this agent adds to those of the task")
            .environment("CLEARML_AGENT_EXTRA_DOCKER_ARGS");

    /** Labels for every container. */
    public static final Setting<Optional<List<String>>> EXTRA_LABELS = Setting.optional(
                    "agent.extra_docker_labels", list(TEXT), "Labels for every container")
            .environment("CLEARML_AGENT_EXTRA_DOCKER_LABELS");

    /** Whether the arguments of this agent win over the same ones of the task. */
    public static final Setting<Boolean> EXTRA_PRECEDES_TASK = Setting.of(
            "agent.docker_args_extra_precedes_task",
            BOOLEAN,
            true,
            "Whether the arguments of this agent win over the same ones of the task");

    /** Arguments of this agent that a task may not replace. */
    public static final Setting<List<String>> PROTECTED_ARGUMENTS = Setting.of(
            "agent.protected_docker_extra_args",
            list(TEXT),
            List.of("privileged", "security-opt", "network", "ipc"),
            "Arguments of this agent that a task may not replace");

    /** Arguments that are removed wherever they come from. */
    public static final Setting<List<String>> FORBIDDEN_ARGUMENTS = Setting.of(
            "agent.forbidden_docker_args",
            list(TEXT),
            List.of("entrypoint"),
            "Arguments that are removed wherever they come from");

    /** Patterns of the arguments that a task may use; all where absent. */
    public static final Setting<Optional<List<String>>> ARGUMENT_FILTERS = Setting.optional(
                    "agent.docker_args_filters",
                    list(TEXT),
                    "Patterns of the arguments that a task may use; all where absent")
            .environment("CLEARML_AGENT_DOCKER_ARGS_FILTERS");

    /** Whether variables of this machine are expanded in arguments of a task. */
    public static final Setting<Optional<Boolean>> ALLOW_HOST_ENVIRONMENT = Setting.optional(
            "agent.docker_allow_host_environ",
            BOOLEAN,
            "Whether variables of this machine are expanded in arguments of a task");

    /** First and last port of this machine that a task may publish. */
    public static final Setting<Optional<List<Long>>> ALLOWED_PORTS = Setting.optional(
            "agent.docker_args_allowed_port_range",
            list(INTEGER),
            "First and last port of this machine that a task may publish");

    /** Lines of shell that run in the container before the task. */
    public static final Setting<Optional<List<String>>> EXTRA_SHELL_SCRIPT = Setting.optional(
            "agent.extra_docker_shell_script", list(TEXT), "Lines of shell that run in the container before the task");

    /** Lines of shell that prepare the container, in place of the built-in ones. */
    public static final Setting<Optional<List<String>>> INIT_SCRIPT = Setting.optional(
            "agent.docker_init_bash_script",
            list(TEXT),
            "Lines of shell that prepare the container, in place of the built-in ones");

    /** Lines of shell that run first in the container. */
    public static final Setting<Optional<List<String>>> PREPROCESS_SCRIPT = Setting.optional(
            "agent.docker_preprocess_bash_script", list(TEXT), "Lines of shell that run first in the container");

    /** Whether the libraries that OpenCV needs are installed in the container. */
    public static final Setting<Boolean> INSTALL_OPENCV_LIBS = Setting.of(
            "agent.docker_install_opencv_libs",
            BOOLEAN,
            true,
            "Whether the libraries that OpenCV needs are installed in the container");

    /** Whether a virtual environment that the image activates is used. */
    public static final Setting<Boolean> USE_ACTIVATED_VENV = Setting.of(
            "agent.docker_use_activated_venv",
            BOOLEAN,
            true,
            "Whether a virtual environment that the image activates is used");

    /** Folder of this machine that serves containers as cache of pip; empty turns it off. */
    public static final Setting<Optional<Path>> PIP_CACHE = Setting.of(
            "agent.docker_pip_cache",
            optional(PATH),
            Optional.of(PATH.parse("~/.clearml/pip-cache")),
            "Folder of this machine that serves containers as cache of pip; empty turns it off");

    /** Folder of this machine that serves containers as cache of apt; empty turns it off. */
    public static final Setting<Optional<Path>> APT_CACHE = Setting.of(
            "agent.docker_apt_cache",
            optional(PATH),
            Optional.of(PATH.parse("~/.clearml/apt-cache")),
            "Folder of this machine that serves containers as cache of apt; empty turns it off");

    /** Folder of this machine that serves containers as cache of poetry; empty turns it off. */
    public static final Setting<Optional<Path>> POETRY_CACHE = Setting.of(
            "agent.docker_poetry_cache",
            optional(PATH),
            Optional.of(PATH.parse("~/.clearml/poetry-cache")),
            "Folder of this machine that serves containers as cache of poetry; empty turns it off");

    /** Whether the keys in ~/.ssh are kept from containers. */
    public static final Setting<Boolean> DISABLE_SSH_MOUNT = Setting.of(
                    "agent.disable_ssh_mount", BOOLEAN, false, "Whether the keys in ~/.ssh are kept from containers")
            .environment("CLEARML_AGENT_DISABLE_SSH_MOUNT");

    /** Name of containers, with the fields task_id, worker_id and rand_string. */
    public static final Setting<Optional<String>> NAME_FORMAT = Setting.optional(
            "agent.docker_container_name_format",
            TEXT,
            "Name of containers, with the fields task_id, worker_id and rand_string");

    /** More fields for the name of containers, each with the field of the task that it shows. */
    public static final Setting<Map<String, String>> NAME_FORMAT_FIELDS = Setting.of(
            "agent.docker_container_name_format_fields",
            map(TEXT),
            Map.of(),
            "More fields for the name of containers, each with the field of the task that it shows");

    /** Whether values of secret variables are hidden in printed commands. */
    public static final Setting<Boolean> HIDE_VARIABLES = Setting.of(
            "agent.hide_docker_command_env_vars.enabled",
            BOOLEAN,
            true,
            "Whether values of secret variables are hidden in printed commands");

    /** More variables whose values are hidden in printed commands. */
    public static final Setting<List<String>> HIDE_VARIABLES_EXTRA = Setting.of(
                    "agent.hide_docker_command_env_vars.extra_keys",
                    list(TEXT),
                    List.of(),
                    "More variables whose values are hidden in printed commands")
            .environment("CLEARML_AGENT_DOCKER_ARGS_HIDE_ENV");

    /** Whether passwords in addresses are hidden in printed commands. */
    public static final Setting<Boolean> HIDE_VARIABLES_URLS = Setting.of(
            "agent.hide_docker_command_env_vars.parse_embedded_urls",
            BOOLEAN,
            true,
            "Whether passwords in addresses are hidden in printed commands");

    /** Whether variables of the owner's vault reach the container. */
    public static final Setting<Boolean> ENVIRONMENT_FROM_VAULT = Setting.of(
            "agent.docker_apply_environment_from_vault",
            BOOLEAN,
            true,
            "Whether variables of the owner's vault reach the container");

    /** Where folders of this machine appear in the container, by name. */
    public static final Setting<Map<String, String>> INTERNAL_MOUNTS = Setting.of(
            "agent.docker_internal_mounts",
            map(TEXT),
            Map.of(),
            "Where folders of this machine appear in the container, by name");

    /** Rules that choose a container by what the task is. */
    public static final Setting<Optional<Object>> MATCH_RULES = Setting.optional(
            "agent.default_docker.match_rules",
            ANY,
            "Rules that choose the container by what the task is, the first that fits");

    private ContainerSettings() {}

    /** All of them. */
    public static List<Setting<?>> all() {
        return List.of(
                MATCH_RULES,
                DEFAULT_IMAGE,
                DEFAULT_ARGUMENTS,
                UPDATE_BACK_TASK,
                DISABLE_TASK_OVERRIDE,
                FORCE_PULL,
                EXTRA_ARGUMENTS,
                EXTRA_LABELS,
                EXTRA_PRECEDES_TASK,
                PROTECTED_ARGUMENTS,
                FORBIDDEN_ARGUMENTS,
                ARGUMENT_FILTERS,
                ALLOW_HOST_ENVIRONMENT,
                ALLOWED_PORTS,
                EXTRA_SHELL_SCRIPT,
                INIT_SCRIPT,
                PREPROCESS_SCRIPT,
                INSTALL_OPENCV_LIBS,
                USE_ACTIVATED_VENV,
                PIP_CACHE,
                APT_CACHE,
                POETRY_CACHE,
                DISABLE_SSH_MOUNT,
                NAME_FORMAT,
                NAME_FORMAT_FIELDS,
                HIDE_VARIABLES,
                HIDE_VARIABLES_EXTRA,
                HIDE_VARIABLES_URLS,
                ENVIRONMENT_FROM_VAULT,
                INTERNAL_MOUNTS);
    }
}
