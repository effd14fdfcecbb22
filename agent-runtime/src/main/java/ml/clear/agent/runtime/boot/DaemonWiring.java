// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.boot;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import ml.clear.agent.api.config.ShellWords;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.file.OwnerOnly;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.api.process.ProcessIdentity;
import ml.clear.agent.api.process.SecretHandover;
import ml.clear.agent.runtime.config.Configuration;
import ml.clear.agent.runtime.config.WorkerSettings;
import ml.clear.agent.runtime.execution.PendingDequeues;
import ml.clear.agent.runtime.job.JobSettings;
import ml.clear.agent.runtime.launch.Launcher;
import ml.clear.agent.runtime.process.RotatingLog;
import ml.clear.agent.runtime.server.ClearmlServer;
import ml.clear.agent.runtime.worker.Capacity;
import ml.clear.agent.runtime.worker.Daemon;
import ml.clear.agent.runtime.worker.DaemonContext;
import ml.clear.agent.runtime.worker.DaemonPlan;
import ml.clear.agent.runtime.worker.DaemonSchedule;
import ml.clear.agent.runtime.worker.DaemonSettings;
import ml.clear.agent.runtime.worker.DaemonStop;
import ml.clear.agent.runtime.worker.GpuCapacity;
import ml.clear.agent.runtime.worker.GpuShare;
import ml.clear.agent.runtime.worker.LocalStop;
import ml.clear.agent.runtime.worker.LocalWorker;
import ml.clear.agent.runtime.worker.LocalWorkers;
import ml.clear.agent.runtime.worker.ProcessSurvival;
import ml.clear.agent.runtime.worker.RecreatedQueues;
import ml.clear.agent.runtime.worker.SlotFiles;
import ml.clear.agent.runtime.worker.StopMode;
import ml.clear.agent.runtime.worker.Timetable;
import ml.clear.agent.runtime.worker.WorkerNaming;

/** Creates and wires the parts of a daemon. */
public final class DaemonWiring {

    /** The Python agent does not poll more often, except when a variable says so. */
    private static final Duration SHORTEST_ASKED_POLL = Duration.ofSeconds(5);

    private static final Duration DEFAULT_REPORT = Duration.ofSeconds(30);
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    /** Beyond its grace period, an aborted execution needs time to deliver its console and its status. */
    private static final Duration ABORT_MARGIN = Duration.ofSeconds(60);

    private static final int KEPT_LOG_FILES = 4;

    private final Agent agent;
    private final List<String> globalOptions;

    /**
     * A wiring.
     *
     * @param globalOptions the options with which an execute process reads the same configuration
     */
    public DaemonWiring(Agent agent, List<String> globalOptions) {
        this.agent = agent;
        this.globalOptions = List.copyOf(globalOptions);
    }

    /** The daemons of this machine. */
    public LocalWorkers localWorkers() {
        return new LocalWorkers(
                agent.folders().workers(), SlotFiles.of(agent.process().environment()));
    }

    /** A new log file, empty and its owner's alone: tasks print into it. */
    public Path newLog() {
        Path folder = agent.folders().state().resolve("logs");
        Path log = folder.resolve("daemon-" + agent.clock().millis() + "-"
                + ProcessHandle.current().pid() + ".log");
        try {
            OwnerOnly.createFolders(folder);
            OldLogs.remove(folder, localWorkers().alive());
            OwnerOnly.write(log, new byte[0]);
            return log;
        } catch (IOException e) {
            throw new AgentException(
                    ErrorCode.FILE_SYSTEM, "cannot make the log '" + log + "': " + e + "; check agent.state_dir", e);
        }
    }

    /** A log file to write to, which takes no more than its share of the disk. */
    public RotatingLog log(Path file) {
        return new RotatingLog(file, agent.configuration().get(JobSettings.LOG_LIMIT), KEPT_LOG_FILES);
    }

    /** How a daemon with these options names itself. */
    public WorkerNaming naming(DaemonOptions options) {
        return new WorkerNaming(
                agent.configuration().get(WorkerSettings.WORKER_ID).orElse("").strip(),
                agent.folders().workerName(),
                gpus(options).list(),
                options.dynamicGpus());
    }

    /** What stops daemons. */
    public LocalStop localStop(Console console) {
        return new LocalStop(
                new Launchers(agent, globalOptions, List.of(), null)::named,
                agent.folders().executions(),
                agent.configuration().get(JobSettings.ABORT_GRACE),
                agent.redactor().masking(console));
    }

    /** Be a daemon until the stop. */
    public void run(DaemonOptions options, Console output, DaemonStop stop) throws InterruptedException {
        Console console = agent.redactor().masking(output);
        SecretHandover.removeAbandoned(agent.process().environment());
        ServerInUse inUse = stop.stop().interrupting(agent::locateServer);
        if (!inUse.notice().isEmpty()) {
            console.line("clearml-agent: " + inUse.notice());
        }
        ClearmlServer connection = agent.connect(inUse);
        QueueNames queues = new QueueNames(connection.queues(), options.createQueues());
        List<String> ids = stop.stop().interrupting(() -> queues.ids(options.queues()));
        List<String> names = stop.stop().interrupting(() -> queues.names(ids));
        Launchers launchers = new Launchers(agent, globalOptions, options.executeOptions(), inUse);
        Launcher launcher = launchers.selected();
        stop.stop().interrupting(() -> {
            launcher.verify();
            return launcher;
        });
        StopMode stopMode = stopMode(options, launcher, console);
        stop.usually(stopMode);
        LocalWorkers workers = localWorkers();
        WorkerNaming naming = naming(options);
        ProcessIdentity process = ProcessIdentity.current();
        Set<String> elsewhere = stop.stop().interrupting(() -> WorkersElsewhere.of(connection.workers(), agent));
        LocalWorker self = workers.join(
                slot -> new LocalWorker(
                        naming.id(slot), slot, process, agent.clock().instant(), names, options.log(), stopMode),
                elsewhere);
        Map<String, String> queueNames = new HashMap<>();
        for (int i = 0; i < ids.size(); i++) {
            queueNames.put(ids.get(i), names.get(i));
        }
        ClearmlServer server = new RecreatedQueues(connection, queueNames);
        try {
            console.line("clearml-agent: worker '" + self.id() + "' takes tasks from these queues:");
            for (int i = 0; i < ids.size(); i++) {
                console.line("    " + ids.get(i) + "  " + names.get(i));
            }
            ConfigurationInForce inForce = new ConfigurationInForce(ConfigurationInForce.path(
                    agent.folders().state(), self.process().pid()));
            agent.configurationCheck()
                    .result()
                    .problems()
                    .forEach(problem -> console.line("clearml-agent: " + problem));
            AtomicReference<DaemonSchedule> rhythm = new AtomicReference<>(rhythm(options, agent.configuration()));
            try (ConfigurationWatch _ = new ConfigurationWatch(
                            agent, inForce, changed -> rhythm.set(rhythm(options, changed)), console)
                    .start()) {
                Daemon.of(
                                context(server, launchers, launcher, self, queueNames, options, inForce, console),
                                plan(self, ids, queueNames, options, rhythm::get),
                                workers,
                                Machines.measured(agent, gpus(options)),
                                agent.clock())
                        .run(stop);
            }
        } finally {
            workers.leave(self);
        }
    }

    /** Tasks that cannot outlive the daemon are aborted with their grace period rather than killed together with it. */
    private StopMode stopMode(DaemonOptions options, Launcher launcher, Console console) throws InterruptedException {
        StopMode wanted = agent.configuration().get(DaemonSettings.STOP_MODE);
        Optional<String> why = launcher.outlivesUs()
                ? ProcessSurvival.ofThisProcess(agent.process().environment(), agent.commands())
                        .endsWithUs(options.detached())
                : Optional.of("its executor ends them");
        if (why.isEmpty()) {
            return wanted;
        }
        StopMode possible = wanted == StopMode.LEAVE ? StopMode.ABORT : wanted;
        console.line("clearml-agent: tasks cannot outlive this daemon: " + why.get() + "; when stopped, it "
                + (possible == StopMode.ABORT ? "aborts them with their grace period" : "waits for them to end"));
        return possible;
    }

    private DaemonContext context(
            ClearmlServer server,
            Launchers launchers,
            Launcher launcher,
            LocalWorker self,
            Map<String, String> queueNames,
            DaemonOptions options,
            ConfigurationInForce inForce,
            Console console) {
        Map<String, String> variables = new HashMap<>(gpus(options).variables());
        variables.putAll(options.variables());
        variables.putAll(inForce.variables());
        if (!options.tags().isEmpty()) {
            variables.put(
                    "CLEARML_WORKER_TAGS",
                    String.join(
                            " ", options.tags().stream().map(ShellWords::quote).toList()));
        }
        PendingDequeues pendingDequeues = new PendingDequeues(agent.folders().pendingDequeues(), self.process());
        return new DaemonContext(
                server,
                launcher,
                launchers::named,
                launchers.resources(gpus(options).list()),
                queueNames,
                agent.configuration().get(JobSettings.ABORT_GRACE).plus(ABORT_MARGIN),
                agent.folders().executions(),
                pendingDequeues,
                variables,
                gpus(options).removedVariables(),
                console,
                PATIENCE);
    }

    private DaemonPlan plan(
            LocalWorker self,
            List<String> queues,
            Map<String, String> queueNames,
            DaemonOptions options,
            Supplier<DaemonSchedule> rhythm) {
        return new DaemonPlan(
                self.id(),
                self.process(),
                queues,
                queueNames,
                options.order(),
                capacity(self, queues, options),
                self.stopMode(),
                rhythm);
    }

    /** What options ask for stays; what the configuration says follows it. */
    static DaemonSchedule rhythm(DaemonOptions options, Configuration configuration) {
        Duration report = configuration.get(WorkerSettings.STATUS_REPORT_PERIOD);
        return new DaemonSchedule(
                options.timetableAskedFor().orElseGet(() -> configuredTimetable(configuration)),
                options.tags().isEmpty()
                        ? configuration.get(WorkerSettings.WORKER_TAGS).orElse(List.of())
                        : options.tags(),
                pollPeriod(options, configuration),
                report.isPositive() ? report : DEFAULT_REPORT);
    }

    private Capacity capacity(LocalWorker self, List<String> queues, DaemonOptions options) {
        if (options.dynamicGpus()) {
            Map<String, GpuShare> shares = new HashMap<>();
            for (int i = 0; i < queues.size(); i++) {
                shares.put(queues.get(i), options.shares().get(i));
            }
            return new GpuCapacity(self.id(), gpus(options).each(), shares);
        }
        return options.serviceLimit()
                .map(limit -> Capacity.services(self.id(), limit == 0 ? Integer.MAX_VALUE : limit))
                .orElseGet(() -> Capacity.single(self.id()));
    }

    private static Timetable configuredTimetable(Configuration configuration) {
        List<String> up = configuration.get(WorkerSettings.UPTIME).orElse(List.of());
        List<String> down = configuration.get(WorkerSettings.DOWNTIME).orElse(List.of());
        if (!up.isEmpty() && down.isEmpty()) {
            return Timetable.during(up);
        }
        return up.isEmpty() && !down.isEmpty() ? Timetable.outside(down) : Timetable.always();
    }

    /** A value in the configuration overrides the command line, as the Python agent's variable does. */
    private static Duration pollPeriod(DaemonOptions options, Configuration configuration) {
        if (configuration.isSet(WorkerSettings.QUEUE_POLL_PERIOD)
                && configuration.get(WorkerSettings.QUEUE_POLL_PERIOD).isPositive()) {
            return configuration.get(WorkerSettings.QUEUE_POLL_PERIOD);
        }
        return options.pollAskedFor()
                .filter(asked -> asked.compareTo(SHORTEST_ASKED_POLL) > 0)
                .orElse(SHORTEST_ASKED_POLL);
    }

    private Gpus gpus(DaemonOptions options) {
        return new Gpus(agent.process().environment(), options.gpusAskedFor());
    }
}
