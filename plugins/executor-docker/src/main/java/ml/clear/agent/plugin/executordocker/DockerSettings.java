// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.executordocker;

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

/** The settings of tasks in containers. */
final class DockerSettings {

    static final Setting<String> IMAGE = Setting.of(
                    "agent.default_docker.image",
                    TEXT,
                    "nvidia/cuda:12.6.3-cudnn-runtime-ubuntu20.04",
                    "Image for tasks that name none; text behind the first blank is arguments")
            .environment("CLEARML_DOCKER_IMAGE", "TRAINS_DOCKER_IMAGE");

    static final Setting<Optional<List<String>>> ARGUMENTS = Setting.optional(
            "agent.default_docker.arguments", list(TEXT), "Arguments for docker where the default image is used");

    static final Setting<Optional<Object>> MATCH_RULES = Setting.optional(
            "agent.default_docker.match_rules",
            ANY,
            "Rules that choose the container by what the task is, the first that fits");

    static final Setting<Boolean> WRITE_BACK = Setting.of(
            "agent.default_docker.update_back_task",
            BOOLEAN,
            true,
            "Whether the container that a rule chose is written into the task; the rule may say otherwise");

    static final Setting<Optional<List<Long>>> PORT_RANGE = Setting.optional(
            "agent.docker_args_allowed_port_range",
            list(INTEGER),
            "First and last port of this machine that a container may publish; others are moved there");

    static final Setting<Boolean> IGNORE_TASK = Setting.of(
            "agent.disable_task_docker_override",
            BOOLEAN,
            false,
            "Whether image and arguments of the task are ignored");

    static final Setting<Boolean> FORCE_PULL =
            Setting.of("agent.docker_force_pull", BOOLEAN, false, "Whether the image is pulled before every task");

    static final Setting<Optional<List<String>>> EXTRA_ARGUMENTS = Setting.optional(
                    "agent.extra_docker_arguments",
                    list(TEXT),
                    "Arguments for docker that this agent adds to those of the task")
            .environment("CLEARML_AGENT_EXTRA_DOCKER_ARGS");

    static final Setting<Optional<List<String>>> EXTRA_LABELS = Setting.optional(
                    "agent.extra_docker_labels", list(TEXT), "Labels for every container")
            .environment("CLEARML_AGENT_EXTRA_DOCKER_LABELS");

    static final Setting<Boolean> EXTRA_FIRST = Setting.of(
            "agent.docker_args_extra_precedes_task",
            BOOLEAN,
            true,
            "Whether the protected arguments of this agent win over those of the task; otherwise the task's win");

    static final Setting<List<String>> PROTECTED = Setting.of(
            "agent.protected_docker_extra_args",
            list(TEXT),
            List.of("privileged", "security-opt", "network", "ipc"),
            "Arguments of this agent that a task may not replace");

    static final Setting<List<String>> FORBIDDEN = Setting.of(
            "agent.forbidden_docker_args",
            list(TEXT),
            List.of("entrypoint"),
            "Arguments that are removed wherever they come from");

    static final Setting<Optional<List<String>>> FILTERS = Setting.optional(
                    "agent.docker_args_filters",
                    list(TEXT),
                    "Patterns of the arguments that a task may use; all where absent")
            .environment("CLEARML_AGENT_DOCKER_ARGS_FILTERS");

    static final Setting<Optional<Boolean>> HOST_ENVIRONMENT = Setting.optional(
            "agent.docker_allow_host_environ",
            BOOLEAN,
            "Whether variables of this machine are expanded in arguments of a task");

    static final Setting<Optional<List<String>>> EXTRA_SCRIPT = Setting.optional(
            "agent.extra_docker_shell_script", list(TEXT), "Lines of shell that run in the container before the task");

    static final Setting<Optional<List<String>>> INIT_SCRIPT = Setting.optional(
            "agent.docker_init_bash_script",
            list(TEXT),
            "Lines of shell that prepare the container, in place of the built-in ones");

    static final Setting<Optional<List<String>>> FIRST_SCRIPT = Setting.optional(
            "agent.docker_preprocess_bash_script", list(TEXT), "Lines of shell that run first in the container");

    static final Setting<Boolean> OPENCV = Setting.of(
            "agent.docker_install_opencv_libs",
            BOOLEAN,
            true,
            "Whether the libraries that OpenCV needs are installed when other packages of the image's system are");

    static final Setting<Optional<Path>> PIP_CACHE = cache("pip", "pip");
    static final Setting<Optional<Path>> APT_CACHE = cache("apt", "apt");
    static final Setting<Optional<Path>> POETRY_CACHE = cache("poetry", "poetry");

    static final Setting<Boolean> NO_SSH = Setting.of(
                    "agent.disable_ssh_mount", BOOLEAN, false, "Whether the keys in ~/.ssh are kept from containers")
            .environment("CLEARML_AGENT_DISABLE_SSH_MOUNT");

    static final Setting<Optional<String>> NAME_FORMAT = Setting.optional(
            "agent.docker_container_name_format",
            TEXT,
            "Name of containers, with the fields task_id, worker_id and rand_string");

    static final Setting<Map<String, String>> NAME_FIELDS = Setting.of(
            "agent.docker_container_name_format_fields",
            map(TEXT),
            Map.of(),
            "More fields for the name of containers, each with the field of the task that it shows");

    static final Setting<Map<String, String>> INTERNAL_MOUNTS = Setting.of(
            "agent.docker_internal_mounts",
            map(TEXT),
            Map.of(),
            "Where folders of this machine appear in the container: apt_cache, pip_cache, poetry_cache, pip_download, sdk_cache,"
                    + " vcs_cache, venvs_cache, ssh_ro_folder, ssh_folder");

    static final Setting<String> COMMAND_LINE_IMAGE = Setting.of(
                    "agent.executor.docker.image",
                    TEXT,
                    "",
                    "Image and arguments of the option --docker; stronger than agent.default_docker, without match"
                            + " rules")
            .environment("CLEARML_AGENT_DOCKER_COMMAND_LINE");

    static final Setting<String> ENGINE = Setting.of(
                    "agent.executor.docker.engine",
                    TEXT,
                    "docker",
                    "Engine whose socket is used where DOCKER_HOST and the current context name none: docker or podman")
            .environment("CLEARML_AGENT_DOCKER_ENGINE");

    static final Setting<Boolean> TRUST_TASKS = Setting.of(
            "agent.executor.docker.trust_tasks",
            BOOLEAN,
            false,
            "Whether container arguments of tasks may gain privileges and mount any folder, as with the Python agent");

    static final Setting<Boolean> KEEP = Setting.of(
            "agent.executor.docker.keep_containers",
            BOOLEAN,
            false,
            "Whether containers are kept after their task has ended, for debugging");

    static final Setting<String> DISTRIBUTION = Setting.of(
            "agent.docker_agent_distribution",
            TEXT,
            "",
            "Folder, address in a store or address of an archive with distributions of the agent, clearml-agent-VERSION-PLATFORM.tar.gz"
                    + " and .sha256; containers get the newest compatible one; empty for the running one");

    static final Setting<Boolean> CURRENT_VERSION = Setting.of(
                    "agent.executor.docker.current_version",
                    BOOLEAN,
                    false,
                    "Whether containers get the running version of the agent in any case, as with --force-current-version")
            .environment("CLEARML_AGENT_FORCE_CURRENT_VERSION");

    private DockerSettings() {}

    private static Setting<Optional<Path>> cache(String name, String tool) {
        return Setting.of(
                "agent.docker_" + name + "_cache",
                optional(PATH),
                Optional.of(PATH.parse("~/.clearml/" + name + "-cache")),
                "Folder of this machine that serves containers as cache of " + tool + "; empty turns it off");
    }

    static List<Setting<?>> all() {
        return List.of(
                IMAGE,
                ARGUMENTS,
                MATCH_RULES,
                WRITE_BACK,
                PORT_RANGE,
                IGNORE_TASK,
                FORCE_PULL,
                EXTRA_ARGUMENTS,
                EXTRA_LABELS,
                EXTRA_FIRST,
                PROTECTED,
                FORBIDDEN,
                FILTERS,
                HOST_ENVIRONMENT,
                EXTRA_SCRIPT,
                INIT_SCRIPT,
                FIRST_SCRIPT,
                OPENCV,
                PIP_CACHE,
                APT_CACHE,
                POETRY_CACHE,
                NO_SSH,
                NAME_FORMAT,
                NAME_FIELDS,
                INTERNAL_MOUNTS,
                COMMAND_LINE_IMAGE,
                ENGINE,
                TRUST_TASKS,
                DISTRIBUTION,
                CURRENT_VERSION,
                KEEP);
    }
}
