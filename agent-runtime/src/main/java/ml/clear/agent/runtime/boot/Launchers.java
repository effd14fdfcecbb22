// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.boot;

import java.util.ArrayList;
import java.util.List;
import ml.clear.agent.api.execution.Resources;
import ml.clear.agent.runtime.config.SelectionSettings;
import ml.clear.agent.runtime.launch.Inheritance;
import ml.clear.agent.runtime.launch.LaunchSettings;
import ml.clear.agent.runtime.launch.Launcher;
import org.jspecify.annotations.Nullable;

/** Makes launchers for the executors that plugins register. */
public final class Launchers {

    private final Agent agent;
    private final List<String> command;
    private final List<String> executeOptions;
    private final @Nullable ServerInUse server;

    /**
     * Launchers.
     *
     * @param globalOptions the options with which an execute process reads the same configuration
     * @param executeOptions further options of every execute process
     * @param server the server of the execute processes; null where none is started, only found again
     */
    public Launchers(
            Agent agent, List<String> globalOptions, List<String> executeOptions, @Nullable ServerInUse server) {
        this.agent = agent;
        List<String> words = new ArrayList<>(agent.process().agentCommand());
        words.addAll(globalOptions);
        this.command = List.copyOf(words);
        this.executeOptions = List.copyOf(executeOptions);
        this.server = server;
    }

    /** The one of the executor that the configuration selects. */
    public Launcher selected() {
        return named(agent.configuration().get(SelectionSettings.EXECUTOR));
    }

    /** The one of an executor. */
    public Launcher named(String executor) {
        ServerInUse known = server;
        return new Launcher(
                executor,
                agent.registry().executor(executor),
                agent.folders().executions(),
                command,
                executeOptions,
                task -> known == null ? Inheritance.NONE : new Inheritances(agent, known).of(task));
    }

    /**
     * What an execution may use.
     *
     * @param gpus the GPUs of the command line; empty when it names none
     */
    public Resources resources(String gpus) {
        return new Resources(
                gpus,
                agent.configuration().get(LaunchSettings.CPUS),
                agent.configuration().get(LaunchSettings.MEMORY));
    }
}
