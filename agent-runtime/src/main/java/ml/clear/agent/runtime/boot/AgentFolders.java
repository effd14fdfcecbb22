// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.boot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Supplier;
import ml.clear.agent.runtime.config.Configuration;
import ml.clear.agent.runtime.config.WorkerSettings;
import ml.clear.agent.runtime.environment.EnvironmentSettings;

/**
 * The folders of this machine's state, and the names of its workers. Made when first asked for. Safe for several threads.
 */
public final class AgentFolders {

    private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");

    private final ConfigurationSources sources;
    private final Supplier<Configuration> configuration;
    private final Map<String, String> environment;
    private final Lazy<MachineFolder> machine = new Lazy<>(() -> MachineFolder.of(state(), workerName()));

    AgentFolders(ConfigurationSources sources, Supplier<Configuration> configuration, Map<String, String> environment) {
        this.sources = sources;
        this.configuration = configuration;
        this.environment = environment;
    }

    /** The folder of what must survive a restart. */
    Path state() {
        return sources.peek(FolderSettings.STATE);
    }

    /** The folder of all executions of this machine. */
    public Path executions() {
        return machineState().resolve("executions");
    }

    /** The part of the state folder that belongs to this machine. */
    Path machineState() {
        return machine.get().folder();
    }

    /** The folder in which the tasks of this machine are prepared and run. */
    Path workspaces() {
        Path all = configuration.get().get(EnvironmentSettings.FOLDER).toAbsolutePath();
        return machine.get().name().isEmpty() ? all : all.resolve(machine.get().name());
    }

    /** The folder where the workers of this machine are registered. */
    Path workers() {
        return machineState().resolve("workers");
    }

    /** The folder where the daemons of this machine record which task they are taking out of a queue. */
    Path pendingDequeues() {
        return machineState().resolve("takes");
    }

    /** The name from which ids of workers are made. */
    String workerName() {
        return configuration
                .get()
                .get(WorkerSettings.WORKER_NAME)
                .filter(name -> !name.isBlank())
                .orElseGet(this::hostName);
    }

    /** The id of the worker that a command is, when no daemon has given one. */
    public String workerId() {
        return configuration
                .get()
                .get(WorkerSettings.WORKER_ID)
                .filter(id -> !id.isBlank())
                .orElseGet(() -> workerName() + ":" + ProcessHandle.current().pid());
    }

    /** The name that the kernel has for this machine; asking the network for one may take long, and gives another. */
    String hostName() {
        try {
            return Files.readString(HOST_NAME).strip();
        } catch (IOException e) {
            return environment.getOrDefault("HOSTNAME", "localhost");
        }
    }
}
