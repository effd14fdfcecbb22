// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.worker;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import ml.clear.agent.api.execution.ExecutionRequest.Output;
import ml.clear.agent.api.execution.Resources;
import ml.clear.agent.api.execution.TaskFacts;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.runtime.execution.LaunchRecord;
import ml.clear.agent.runtime.execution.PendingDequeues;
import ml.clear.agent.runtime.launch.LaunchRequest;
import ml.clear.agent.runtime.launch.Launcher;
import ml.clear.agent.runtime.server.ClearmlServer;
import ml.clear.agent.runtime.server.PlacementNote;

/**
 * What supervising executions needs.
 *
 * @param server the server
 * @param launcher starts execute processes
 * @param launchers the launchers by the names of their executors, for executions that another one has started
 * @param resources what an execution may use, unless its GPUs are assigned to it
 * @param queueNames the names of queues by their ids
 * @param abortLimit the longest time that an aborted execution may take to end before it is killed
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
        Function<String, Launcher> launchers,
        Resources resources,
        Map<String, String> queueNames,
        Duration abortLimit,
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
        Objects.requireNonNull(launchers);
        Objects.requireNonNull(resources);
        queueNames = Map.copyOf(queueNames);
        Objects.requireNonNull(abortLimit);
        Objects.requireNonNull(executions);
        Objects.requireNonNull(pendingDequeues);
        variables = Map.copyOf(variables);
        removedVariables = Set.copyOf(removedVariables);
        Objects.requireNonNull(console);
        Objects.requireNonNull(patience);
    }

    /** The variables of one execution: it acts in the worker's name. */
    private Launcher.Variables variables(LaunchRecord record) {
        Map<String, String> all = new HashMap<>(variables);
        all.put("CLEARML_WORKER_ID", record.worker());
        all.put("TRAINS_WORKER_ID", record.worker());
        if (!record.assignment().gpus().isEmpty()) {
            all.put("NVIDIA_VISIBLE_DEVICES", record.assignment().gpus());
            all.put("CUDA_VISIBLE_DEVICES", record.assignment().gpus());
        }
        return new Launcher.Variables(all, removedVariables);
    }

    /** The launcher of the executor that an execution belongs to. */
    Launcher launcher(LaunchRecord record) {
        return record.executor().equals(launcher.executorName()) ? launcher : launchers.apply(record.executor());
    }

    /** What is known about a task, as far as the executor of this execution may need it. */
    TaskFacts facts(LaunchRecord record) {
        TaskFacts facts = server.tasks().facts(record.task());
        return launcher(record).sharesProcesses() || facts.projectId().isEmpty()
                ? facts
                : facts.inProject(server.projects().name(facts.projectId()));
    }

    /** The request to start an execute process of an execution. */
    LaunchRequest request(LaunchRecord record, TaskFacts facts) {
        String gpus = record.assignment().gpus();
        return new LaunchRequest(
                facts,
                queueNames.getOrDefault(record.queue(), record.queue()),
                gpus.isEmpty() ? resources : new Resources(gpus, resources.cpus(), resources.memory()),
                Output.FILE,
                variables(record),
                new PlacementNote(server.tasks(), record.task()));
    }

    Path folder(LaunchRecord record) {
        return executions.resolve(record.task().value());
    }

    void say(String words) {
        console.line("clearml-agent: " + words);
    }
}
