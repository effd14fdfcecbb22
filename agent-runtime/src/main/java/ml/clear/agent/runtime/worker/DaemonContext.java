// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.worker;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.runtime.execution.LaunchRecord;
import ml.clear.agent.runtime.execution.PendingDequeues;
import ml.clear.agent.runtime.launch.Launcher;
import ml.clear.agent.runtime.server.ClearmlServer;

/**
 * What supervising executions needs.
 *
 * @param server the server
 * @param launcher starts execute processes
 * @param executions the folder of all executions
 * @param pendingDequeues records which tasks are being taken
 * @param variables what all execute processes get besides the agent's own variables
 * @param removedVariables the variables that they do not inherit from the agent
 * @param console where the daemon and the execute processes print
 * @param patience the first pause before a retry
 */
public record DaemonContext(
        ClearmlServer server,
        Launcher launcher,
        Path executions,
        PendingDequeues pendingDequeues,
        Map<String, String> variables,
        Set<String> removedVariables,
        Console console,
        Duration patience) {

    /** Copies the variables. */
    public DaemonContext {
        Objects.requireNonNull(server);
        Objects.requireNonNull(launcher);
        Objects.requireNonNull(executions);
        Objects.requireNonNull(pendingDequeues);
        variables = Map.copyOf(variables);
        removedVariables = Set.copyOf(removedVariables);
        Objects.requireNonNull(console);
        Objects.requireNonNull(patience);
    }

    /** The variables of one execution: it acts in the worker's name. */
    Launcher.Variables variables(LaunchRecord record) {
        Map<String, String> all = new HashMap<>(variables);
        all.put("CLEARML_WORKER_ID", record.worker());
        all.put("TRAINS_WORKER_ID", record.worker());
        if (!record.assignment().gpus().isEmpty()) {
            all.put("NVIDIA_VISIBLE_DEVICES", record.assignment().gpus());
            all.put("CUDA_VISIBLE_DEVICES", record.assignment().gpus());
        }
        return new Launcher.Variables(all, removedVariables);
    }

    Path folder(LaunchRecord record) {
        return executions.resolve(record.task().value());
    }

    void say(String words) {
        console.line("clearml-agent: " + words);
    }
}
