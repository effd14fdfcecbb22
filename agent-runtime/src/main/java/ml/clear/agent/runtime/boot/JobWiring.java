// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.boot;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.api.process.SecretHandover;
import ml.clear.agent.api.python.EnvironmentRequest.Target;
import ml.clear.agent.api.python.PythonSettings;
import ml.clear.agent.runtime.boot.ExecuteOptions.Monitoring;
import ml.clear.agent.runtime.boot.ReportFilter.Omission;
import ml.clear.agent.runtime.config.Configuration;
import ml.clear.agent.runtime.config.ConfigurationReport;
import ml.clear.agent.runtime.config.EnvironmentBlock;
import ml.clear.agent.runtime.config.FilesBlock;
import ml.clear.agent.runtime.config.SdkSettings;
import ml.clear.agent.runtime.config.SelectionSettings;
import ml.clear.agent.runtime.config.TaskConfiguration;
import ml.clear.agent.runtime.config.TaskSettings;
import ml.clear.agent.runtime.config.WorkerSettings;
import ml.clear.agent.runtime.environment.EnvironmentSettings;
import ml.clear.agent.runtime.environment.EnvironmentStore;
import ml.clear.agent.runtime.environment.RemoteEnvironments;
import ml.clear.agent.runtime.environment.RemoteSettings;
import ml.clear.agent.runtime.execution.LaunchRecord;
import ml.clear.agent.runtime.job.CodePlace;
import ml.clear.agent.runtime.job.JobContext;
import ml.clear.agent.runtime.job.PackageManagerChoice;
import ml.clear.agent.runtime.job.Preparation;
import ml.clear.agent.runtime.job.TaskBuild;
import ml.clear.agent.runtime.job.TaskConfigurationFile;
import ml.clear.agent.runtime.job.TaskEnvironments;
import ml.clear.agent.runtime.job.TaskLaunches;
import ml.clear.agent.runtime.job.TaskMonitor;
import ml.clear.agent.runtime.job.TaskRunner;
import ml.clear.agent.runtime.job.TaskStorage;
import ml.clear.agent.runtime.job.TaskVariables;
import ml.clear.agent.runtime.job.Worker;
import ml.clear.agent.runtime.process.CallerEnvironment;
import ml.clear.agent.runtime.server.ClearmlServer;
import ml.clear.agent.runtime.worker.TaskReports;

/** Creates and wires the parts that run tasks. */
public final class JobWiring {

    /** The interpreter of the keeper and of shell tasks when a task has no Python environment. */
    private static final String MACHINE_PYTHON = "python3";

    private static final Duration DEFAULT_REPORT = Duration.ofSeconds(30);

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
    public TaskRunner taskRunner(ExecuteOptions options, Console echo) {
        SecretHandover.removeAbandoned(agent.process().environment());
        Worker worker = new Worker(options.worker(), agent.folders().hostName());
        ClearmlServer quiet = new ReportFilter(server, omitted(options.monitoring()));
        return new TaskRunner(new JobContext(
                quiet,
                agent.configuration(),
                new Preparation(
                        agent.checkouts(),
                        environments(quiet, inPlace(options)),
                        launches(worker, options),
                        quiet.tasks(),
                        taskStorage(quiet),
                        place(options),
                        agent.configuration()
                                .get(TaskSettings.CUSTOM_BUILD_SCRIPT)
                                .orElse(null),
                        agent.commands(),
                        heading()),
                options.monitoring() == Monitoring.NONE ? TaskMonitor.NONE : reports(worker, options),
                worker,
                rank(),
                agent.folders().executions(),
                agent.folders().workspaces(),
                agent.redactor(),
                echo,
                agent.commands(),
                agent.clock()));
    }

    /** The values of the configuration, and the files that it has written for the task. */
    private List<String> heading() {
        List<String> heading = new ArrayList<>(
                new ConfigurationReport(agent.configurationCheck().result())
                        .heading(agent.process().version()));
        heading.addAll(new FilesBlock(agent.configuration()).write());
        return heading;
    }

    private int rank() {
        return Rank.of(agent.process().environment());
    }

    private Set<Omission> omitted(Monitoring monitoring) {
        Set<Omission> omitted = EnumSet.noneOf(Omission.class);
        if (monitoring == Monitoring.NONE) {
            omitted.addAll(Set.of(Omission.CONSOLE, Omission.END));
        }
        if (rank() > 0) {
            omitted.addAll(Set.of(Omission.START, Omission.END, Omission.REQUIREMENTS));
        }
        return omitted;
    }

    private TaskStorage taskStorage(ClearmlServer tasks) {
        return new TaskStorage(
                tasks.tasks(),
                agent::storage,
                agent.configuration().get(SdkSettings.DEFAULT_OUTPUT_URI).orElse(""));
    }

    /** What makes tasks ready and does not run them. */
    public TaskBuild taskBuild() {
        new FilesBlock(agent.configuration()).write();
        return new TaskBuild(agent.checkouts(), taskStorage(server), environments(server, false));
    }

    private TaskReports reports(Worker worker, ExecuteOptions options) {
        Configuration configuration = agent.configuration();
        Duration period = configuration.get(WorkerSettings.STATUS_REPORT_PERIOD);
        return new TaskReports(
                server,
                worker.id(),
                configuration.get(WorkerSettings.WORKER_TAGS).orElse(List.of()),
                task -> LaunchRecord.exists(agent.folders().executions(), task),
                period.isPositive() ? period : DEFAULT_REPORT,
                Machines.measured(agent, new Gpus(agent.process().environment(), options.gpusAskedFor())),
                agent.clock());
    }

    /** {@code --standalone-mode}, or the setting that leaves out the environment alone. */
    private boolean inPlace(ExecuteOptions options) {
        return options.inPlace() || agent.configuration().get(TaskSettings.SKIP_ENVIRONMENT);
    }

    private String machinePython() {
        if (target() instanceof Target.Existing(String interpreter) && !interpreter.isEmpty()) {
            return interpreter;
        }
        String configured = agent.configuration().get(PythonSettings.PYTHON_BINARY);
        return configured.isBlank() ? MACHINE_PYTHON : configured;
    }

    private Target target() {
        return EnvironmentTarget.of(agent.configuration(), agent.process().environment());
    }

    private CodePlace place(ExecuteOptions options) {
        Configuration configuration = agent.configuration();
        return new CodePlace(
                configuration.get(TaskSettings.FORCE_CODE_FOLDER).orElse(null),
                configuration.get(TaskSettings.FORCE_SCRIPT).orElse(""),
                options.inPlace());
    }

    private TaskEnvironments environments(ClearmlServer quiet, boolean inPlace) {
        String type = agent.configuration().get(SelectionSettings.PACKAGE_MANAGER);
        List<String> registered = agent.registry().packageManagerNames();
        List<String> detected = agent.configuration().get(SelectionSettings.LOCK_FILE_DETECTION).stream()
                .filter(name -> registered.contains(name) && !name.equals(type))
                .toList();
        return new TaskEnvironments(
                environmentStore(),
                new PackageManagerChoice(type, detected, agent.registry()::packageManager),
                quiet.tasks(),
                machinePython(),
                inPlace,
                target(),
                agent.configuration().get(TaskSettings.FORCE_TASK_INIT));
    }

    private EnvironmentStore environmentStore() {
        EnvironmentSettings settings = EnvironmentSettings.of(agent.configuration());
        return RemoteSettings.of(agent.configuration())
                .map(remote -> new EnvironmentStore(
                        settings,
                        agent.commands(),
                        agent.clock(),
                        agent.own(new RemoteEnvironments(agent.storage(), remote))))
                .orElseGet(() -> new EnvironmentStore(settings, agent.commands(), agent.clock()));
    }

    private TaskLaunches launches(Worker worker, ExecuteOptions options) {
        Configuration configuration = agent.configuration();
        Map<String, String> variables =
                new HashMap<>(CallerEnvironment.restored(agent.process().environment()));
        // What was inherited is in the network's own, together with what it adds, and would stand above that.
        variables.keySet().removeAll(agent.network().variables().keySet());
        variables.keySet().removeAll(agent.network().removedVariables());
        variables.putAll(EnvironmentBlock.of(configuration));
        variables.put("CLEARML_LOG_LEVEL", options.logLevel());
        variables.put("TRAINS_LOG_LEVEL", options.logLevel());
        Gpus gpus = new Gpus(agent.process().environment(), options.gpusAskedFor());
        variables.keySet().removeAll(gpus.removedVariables());
        variables.putAll(gpus.variables());
        return new TaskLaunches(
                configuration,
                new TaskVariables(
                        variables,
                        agent.network().variables(),
                        worker,
                        configuration.get(TaskSettings.ENABLE_TASK_ENV)),
                new TaskConfigurationFile(new TaskConfiguration(configuration), inUse.taskConfiguration(configuration)),
                agent.commands(),
                options.interpreterFlags());
    }
}
