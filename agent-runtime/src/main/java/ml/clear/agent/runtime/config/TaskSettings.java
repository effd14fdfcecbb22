// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

import static ml.clear.agent.api.config.ValueTypes.BOOLEAN;
import static ml.clear.agent.api.config.ValueTypes.INTEGER;
import static ml.clear.agent.api.config.ValueTypes.PATH;
import static ml.clear.agent.api.config.ValueTypes.TEXT;
import static ml.clear.agent.api.config.ValueTypes.duration;

import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import ml.clear.agent.api.config.Setting;

/** How tasks are run and watched. */
public final class TaskSettings {

    /** Time between two pings of a running task; 0 sends none. */
    public static final Setting<Duration> PING_INTERVAL = Setting.of(
            "agent.task_ping_interval_sec",
            duration(ChronoUnit.SECONDS),
            Duration.ofMinutes(1),
            "Time between two pings of a running task; 0 sends none");

    /** Longest time that an aborted task may take to end by itself. */
    public static final Setting<Duration> ABORT_CALLBACK_MAX_TIMEOUT = Setting.of(
            "agent.abort_callback_max_timeout",
            duration(ChronoUnit.SECONDS),
            Duration.ofMinutes(30),
            "Longest time that an aborted task may take to end by itself");

    /** Command that runs when the task is aborted. */
    public static final Setting<List<String>> ABORT_CALLBACK_COMMAND = Setting.of(
                    "agent.abort_callback_command",
                    new CommandType(),
                    List.of(),
                    "Command that runs in the folder of the script when the task is aborted on the server")
            .environment("CLEARML_AGENT_ABORT_CALLBACK_CMD");

    /** Time for the command that runs when the task is aborted. */
    public static final Setting<Duration> ABORT_CALLBACK_TIMEOUT = Setting.of(
                    "agent.abort_callback_timeout",
                    duration(ChronoUnit.SECONDS),
                    Duration.ofMinutes(3),
                    "Time for the command that runs when the task is aborted")
            .environment("CLEARML_AGENT_ABORT_CALLBACK_TIMEOUT");

    /** Whether only the last part of a line with carriage returns is reported; otherwise each part is a line. */
    public static final Setting<Boolean> SUPPRESS_CARRIAGE_RETURN = Setting.of(
            "agent.suppress_carriage_return",
            BOOLEAN,
            true,
            "Whether only the last part of a line with carriage returns is reported; otherwise each part is a line");

    /** Whether the console says which of the processes of one task a report is from; a number above 0 says so. */
    public static final Setting<Long> MULTI_NODE_SINGLE_TASK = Setting.of(
                    "agent.multi_node_single_task",
                    INTEGER,
                    0L,
                    "With a number above 0, a report of output of the processes of one task after the first, such as on several"
                            + " nodes, begins with a line that names its rank")
            .environment("CLEARML_MULTI_NODE_SINGLE_TASK");

    /** Whether output is dropped from disk as soon as it is reported. */
    public static final Setting<Boolean> TRUNCATE_TASK_OUTPUT_FILES = Setting.of(
            "agent.truncate_task_output_files",
            BOOLEAN,
            false,
            "Whether output is dropped from disk as soon as it is reported");

    /** Script that builds the environment of tasks in place of the agent. */
    public static final Setting<Optional<Path>> CUSTOM_BUILD_SCRIPT = Setting.optional(
                    "agent.custom_build_script",
                    PATH,
                    "Program that builds the environment of tasks in place of the agent")
            .environment("CLEARML_AGENT_CUSTOM_BUILD_SCRIPT");

    /** Whether the root of the repository, not the working folder, is on PYTHONPATH. */
    public static final Setting<Optional<Boolean>> GIT_ROOT_PYTHON_PATH = Setting.optional(
            "agent.force_git_root_python_path",
            BOOLEAN,
            "Whether the root of the repository, not the working folder, is on PYTHONPATH");

    /** Whether the section Environment of the task becomes variables of its process. */
    public static final Setting<Boolean> ENABLE_TASK_ENV = Setting.of(
            "agent.enable_task_env",
            BOOLEAN,
            false,
            "Whether the section Environment of the task becomes variables of its process");

    /** Whether the top-level block environment becomes variables. */
    public static final Setting<Boolean> APPLY_ENVIRONMENT = Setting.of(
                    "agent.apply_environment",
                    BOOLEAN,
                    true,
                    "Whether the top-level block environment becomes variables")
            .environment("CLEARML_AGENT_ENABLE_ENV_CONFIG_SECTION");

    /** Whether the files of the top-level block files are written. */
    public static final Setting<Boolean> APPLY_FILES = Setting.of(
                    "agent.apply_files", BOOLEAN, true, "Whether the files of the top-level block files are written")
            .environment("CLEARML_AGENT_ENABLE_FILES_CONFIG_SECTION");

    /** Folder for temporary files; the system's where absent. */
    public static final Setting<Optional<Path>> TEMPORARY_FOLDER = Setting.optional(
                    "agent.temporary_folder", PATH, "Folder for temporary files; the system's where absent")
            .environment("CLEARML_AGENT_TEMP_STDOUT_FILE_DIR");

    /** Whether execute exits with the exit code of the task. */
    public static final Setting<Boolean> PROPAGATE_EXIT_CODE = Setting.of(
                    "agent.propagate_exit_code", BOOLEAN, false, "Whether execute exits with the exit code of the task")
            .environment("CLEARML_AGENT_PROPAGATE_EXITCODE");

    /** User of the system that the process of the task runs as. */
    public static final Setting<Optional<String>> EXEC_USER = Setting.optional(
                    "agent.exec_user",
                    TEXT,
                    "User of the system that the process of the task runs as; the agent must run as root")
            .environment("CLEARML_AGENT_EXEC_USER", "TRAINS_AGENT_EXEC_USER");

    /** Folder to run in, instead of a clone of the repository. */
    public static final Setting<Optional<Path>> FORCE_CODE_FOLDER = Setting.optional(
                    "agent.force_code_dir", PATH, "Folder to run in, instead of a clone of the repository")
            .environment("CLEARML_AGENT_FORCE_CODE_DIR");

    /** Working folder and entry point in place of those of the task, as folder:file. */
    public static final Setting<Optional<String>> FORCE_SCRIPT = Setting.optional(
                    "agent.force_exec_script",
                    TEXT,
                    "Working folder and entry point in place of those of the task, as folder:file")
            .environment("CLEARML_AGENT_FORCE_EXEC_SCRIPT");

    /** Whether scripts of Python are changed to connect to ClearML, and the package clearml is installed. */
    public static final Setting<Boolean> FORCE_TASK_INIT = Setting.of(
                    "agent.force_task_init",
                    BOOLEAN,
                    false,
                    "Whether scripts of Python are changed to connect to ClearML, and the package clearml is installed")
            .environment("CLEARML_AGENT_FORCE_TASK_INIT");

    /** Folders behind those of the task on PYTHONPATH, joined by colons. */
    public static final Setting<Optional<String>> EXTRA_PYTHON_PATH = Setting.optional(
                    "agent.extra_python_path", TEXT, "Folders behind those of the task on PYTHONPATH, joined by colons")
            .environment("CLEARML_AGENT_EXTRA_PYTHON_PATH", "TRAINS_AGENT_EXTRA_PYTHON_PATH");

    /** Whether tasks run without any Python environment being prepared. */
    public static final Setting<Boolean> SKIP_ENVIRONMENT = Setting.of(
                    "agent.skip_python_env_install",
                    BOOLEAN,
                    false,
                    "Whether tasks run without any Python environment being prepared")
            .environment("CLEARML_AGENT_SKIP_PYTHON_ENV_INSTALL");

    /** Whether a virtual environment that the image of a container activates is used. */
    public static final Setting<Boolean> USE_ACTIVATED_VENV = Setting.of(
            "agent.docker_use_activated_venv",
            BOOLEAN,
            true,
            "Whether packages of a task in a container go into the virtual environment that its image activates, where"
                    + " environments see the packages of the image");

    private TaskSettings() {}

    /** All of them. */
    public static List<Setting<?>> all() {
        return List.of(
                PING_INTERVAL,
                ABORT_CALLBACK_MAX_TIMEOUT,
                ABORT_CALLBACK_COMMAND,
                ABORT_CALLBACK_TIMEOUT,
                SUPPRESS_CARRIAGE_RETURN,
                MULTI_NODE_SINGLE_TASK,
                TRUNCATE_TASK_OUTPUT_FILES,
                CUSTOM_BUILD_SCRIPT,
                GIT_ROOT_PYTHON_PATH,
                ENABLE_TASK_ENV,
                APPLY_ENVIRONMENT,
                APPLY_FILES,
                TEMPORARY_FOLDER,
                PROPAGATE_EXIT_CODE,
                EXEC_USER,
                FORCE_CODE_FOLDER,
                FORCE_SCRIPT,
                FORCE_TASK_INIT,
                EXTRA_PYTHON_PATH,
                SKIP_ENVIRONMENT,
                USE_ACTIVATED_VENV);
    }
}
