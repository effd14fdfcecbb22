// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.python;

import java.util.List;
import java.util.Optional;
import ml.clear.agent.api.Stability;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.config.ValueTypes;

/**
 * The settings about interpreters and their surroundings that every package manager reads, and none declares: the agent does.
 */
@Stability.Incubating(since = "0.1")
public final class PythonSettings {

    /** The interpreter when a task does not ask for a version. */
    public static final Setting<String> PYTHON_BINARY = Setting.of(
            "agent.python_binary",
            ValueTypes.TEXT,
            "",
            "Name or path of the Python interpreter for tasks that do not ask for a version");

    /** The version when neither a task nor {@link #PYTHON_BINARY} names one. */
    public static final Setting<String> DEFAULT_PYTHON = Setting.of(
            "agent.default_python",
            ValueTypes.TEXT,
            "",
            "Version of Python, such as 3.11, when neither the task nor agent.python_binary names one");

    /** Whether the version that a task asks for is ignored. */
    public static final Setting<Boolean> IGNORE_REQUESTED_PYTHON = Setting.of(
            "agent.ignore_requested_python_version",
            ValueTypes.BOOLEAN,
            false,
            "Ignore the version that a task asks for and use the configured interpreter");

    /** The version of CUDA. */
    public static final Setting<Optional<String>> CUDA_VERSION = Setting.optional(
                    "agent.cuda_version",
                    ValueTypes.TEXT,
                    "Version of CUDA, such as 12.4, for packages that depend on it; found out when absent")
            .environment("CLEARML_CUDA_VERSION", "TRAINS_CUDA_VERSION", "CUDA_VERSION");

    /** The version of cuDNN. */
    public static final Setting<Optional<String>> CUDNN_VERSION = Setting.optional(
                    "agent.cudnn_version",
                    ValueTypes.TEXT,
                    "Version of cuDNN, such as 8.9, that conda installs with packages that compute on a GPU; the solver chooses when absent")
            .environment("CLEARML_CUDNN_VERSION", "TRAINS_CUDNN_VERSION", "CUDNN_VERSION");

    /** Whether to leave GPUs alone. */
    public static final Setting<Boolean> CPU_ONLY = Setting.of(
                    "agent.cpu_only",
                    ValueTypes.BOOLEAN,
                    false,
                    "Install packages for the CPU even where there is a GPU")
            .environment("CLEARML_CPU_ONLY", "TRAINS_CPU_ONLY", "CPU_ONLY");

    /** Whether packages go into an interpreter's own environment, and which one's. */
    public static final Setting<String> SKIP_VENV = Setting.of(
                    "agent.skip_pip_venv_install",
                    ValueTypes.TEXT,
                    "",
                    "Install packages without a virtual environment: true for the interpreter that the task asks for, or "
                            + "the path of another one")
            .environment("CLEARML_AGENT_SKIP_PIP_VENV_INSTALL");

    private PythonSettings() {}

    /** All of them. */
    public static List<Setting<?>> all() {
        return List.of(
                PYTHON_BINARY,
                DEFAULT_PYTHON,
                IGNORE_REQUESTED_PYTHON,
                CUDA_VERSION,
                CUDNN_VERSION,
                CPU_ONLY,
                SKIP_VENV);
    }
}
