// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.boot;

import ml.clear.agent.api.process.Console;
import ml.clear.agent.runtime.config.Configuration;
import ml.clear.agent.runtime.config.SelectionSettings;
import ml.clear.agent.runtime.config.TaskConfiguration;
import ml.clear.agent.runtime.config.TaskSettings;
import ml.clear.agent.runtime.environment.EnvironmentSettings;
import ml.clear.agent.runtime.environment.EnvironmentStore;
import ml.clear.agent.runtime.job.JobContext;
import ml.clear.agent.runtime.job.Preparation;
import ml.clear.agent.runtime.job.TaskConfigurationFile;
import ml.clear.agent.runtime.job.TaskEnvironments;
import ml.clear.agent.runtime.job.TaskLaunches;
import ml.clear.agent.runtime.job.TaskRunner;
import ml.clear.agent.runtime.job.TaskVariables;
import ml.clear.agent.runtime.job.Worker;
import ml.clear.agent.runtime.server.ClearmlServer;

/** Puts together what runs tasks. */
public final class JobWiring {

    /** What runs the keeper and shell tasks where a task has no Python of its own. */
    private static final String MACHINE_PYTHON = "python3";

    private final Agent agent;
    private final ServerInUse inUse;
    private final ClearmlServer server;

    /** A wiring for one server. */
    public JobWiring(Agent agent, ServerInUse inUse, ClearmlServer server) {
        this.agent = agent;
        this.inUse = inUse;
        this.server = server;
    }

    /**
     * What runs tasks.
     *
     * @param echo where their consoles are shown besides the server
     */
    public TaskRunner taskRunner(Console echo) {
        Worker worker = new Worker(agent.workerId(), agent.workerName());
        return new TaskRunner(new JobContext(
                server,
                agent.configuration(),
                new Preparation(agent.checkouts(), environments(), launches(worker), server.tasks()),
                worker,
                agent.executions(),
                agent.redactor(),
                echo,
                agent.clock()));
    }

    private TaskEnvironments environments() {
        String type = agent.configuration().get(SelectionSettings.PACKAGE_MANAGER);
        return new TaskEnvironments(
                new EnvironmentStore(EnvironmentSettings.of(agent.configuration()), agent.commands(), agent.clock()),
                () -> agent.registry().packageManager(type),
                server.tasks(),
                MACHINE_PYTHON);
    }

    private TaskLaunches launches(Worker worker) {
        Configuration configuration = agent.configuration();
        return new TaskLaunches(
                configuration,
                new TaskVariables(
                        agent.surroundings().environment(),
                        agent.network().variables(),
                        worker,
                        configuration.get(TaskSettings.ENABLE_TASK_ENV)),
                new TaskConfigurationFile(new TaskConfiguration(configuration), inUse.taskConfiguration(configuration)),
                agent.commands());
    }
}
