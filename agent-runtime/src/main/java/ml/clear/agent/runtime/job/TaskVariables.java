// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.job;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import ml.clear.agent.api.task.Task;
import ml.clear.agent.runtime.process.CallerEnvironment;

/**
 * The environment variables of a task's process, as the Python agent sets them: the agent's own, the network's, what finds the
 * task again, and what the task itself asks for.
 */
public final class TaskVariables {

    private static final Set<String> REMOVED = Set.of(
            "CLEARML_APT_INSTALL",
            "TRAINS_APT_INSTALL",
            "UV_CACHE_DIR",
            "UV_PYTHON_CACHE_DIR",
            "UV_PYTHON_INSTALL_DIR",
            "CLEARML_AGENT_CONFIGURATION_IN_FORCE",
            "CLEARML_AGENT_ATTEMPT",
            "CLEARML_AGENT_JAVA_OPTIONS");

    private static final String PREFIX = "CLEARML_";

    /** SDKs from before the change of name read these. */
    private static final String OLD_PREFIX = "TRAINS_";

    private static final String ENVIRONMENT_SECTION = "Environment";

    private final Map<String, String> inherited;
    private final Map<String, String> network;
    private final Worker worker;
    private final boolean taskEnvironment;

    /**
     * What all tasks of this agent have in common.
     *
     * @param inherited the agent's own variables
     * @param network trust and proxies
     * @param taskEnvironment whether a task's section {@code Environment} becomes variables
     */
    public TaskVariables(
            Map<String, String> inherited, Map<String, String> network, Worker worker, boolean taskEnvironment) {
        this.inherited = Map.copyOf(inherited);
        this.network = Map.copyOf(network);
        this.worker = worker;
        this.taskEnvironment = taskEnvironment;
    }

    /**
     * The variables of one task.
     *
     * @param configuration the file that its SDK reads
     * @param own what its sources and its Python environment need
     */
    Map<String, String> of(Task task, Path configuration, Map<String, String> own) {
        Map<String, String> variables = new HashMap<>(network);
        variables.putAll(CallerEnvironment.restored(inherited));
        variables.keySet().removeAll(REMOVED);
        set(variables, "TASK_ID", task.id().value());
        set(variables, "CONFIG_FILE", configuration.toString());
        set(variables, "WORKER_ID", worker.id());
        // The agent ships the console; the SDK in the task must not send it again.
        set(variables, "LOG_TASK_TO_BACKEND", "0");
        variables.put("CUDA_DEVICE_ORDER", "PCI_BUS_ID");
        variables.putIfAbsent("PYTHONIOENCODING", "utf-8");
        variables.putAll(own);
        if (taskEnvironment) {
            variables.putAll(task.hyperParameters().getOrDefault(ENVIRONMENT_SECTION, Map.of()));
        }
        Map<String, String> underOldNames = new HashMap<>();
        variables.forEach((name, value) -> {
            if (name.startsWith(PREFIX)) {
                underOldNames.put(OLD_PREFIX + name.substring(PREFIX.length()), value);
            }
        });
        underOldNames.forEach(variables::putIfAbsent);
        return variables;
    }

    /** What the agent was called with under the old name counts no more. */
    private static void set(Map<String, String> variables, String name, String value) {
        variables.put(PREFIX + name, value);
        variables.put(OLD_PREFIX + name, value);
    }
}
