// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.api.spi.Subcommand;
import ml.clear.agent.api.spi.Subcommand.Invocation;
import ml.clear.agent.api.spi.Subcommand.Option;
import ml.clear.agent.api.task.TaskId;
import ml.clear.agent.runtime.boot.Agent;
import ml.clear.agent.runtime.boot.ExecuteOptions;
import ml.clear.agent.runtime.boot.ExecuteOptions.Monitoring;
import ml.clear.agent.runtime.boot.JobWiring;
import ml.clear.agent.runtime.boot.Launchers;
import ml.clear.agent.runtime.boot.ServerInUse;
import ml.clear.agent.runtime.boot.WorkerSlot;
import ml.clear.agent.runtime.config.TaskSettings;
import ml.clear.agent.runtime.config.WorkerSettings;
import ml.clear.agent.runtime.job.ClaimTerms;
import ml.clear.agent.runtime.job.TaskRunner;
import ml.clear.agent.runtime.launch.LaunchRequest;
import ml.clear.agent.runtime.launch.Launcher;
import ml.clear.agent.runtime.server.ClearmlServer;

/** {@code execute}: prepares, runs and supervises one task in this process. */
final class ExecuteCommand {

    private static final Option REQUIRE_QUEUE = Option.flag("--require-queue", "fail unless the task waits in a queue");
    private static final Option CLONE =
            Option.flag("--clone", "run a copy of the task, and leave the task itself as it is");
    private static final Option FORCE =
            Option.flag("--force", "run the task even while another worker reports that it runs it");
    private static final Option LOG_FILE = Option.value(
            "--log-file", "path", "also write the console of the task to this file, replacing it; it is kept");
    private static final Option NO_MONITORING = Option.flag(
            "--disable-monitoring",
            "report neither the console nor the end of the task: the process that started this one does");
    private static final Option FULL_MONITORING = Option.flag(
            "--full-monitoring", "run as a worker of this machine, as a daemon would; the exit code is 0 then");
    private static final Option STANDALONE = Option.flag(
            "--standalone-mode", "the task finds all it needs in place: nothing is cloned and nothing installed");
    private static final Option RESUME =
            Option.flag("--resume", "resume a task whose execute process on this machine has died");

    private final Agent agent;
    private final Supplier<List<String>> globalOptions;
    private final Invocation invocation;
    private final TaskFlags flags;

    private ExecuteCommand(Agent agent, Supplier<List<String>> globalOptions, Invocation invocation, TaskFlags flags) {
        this.agent = agent;
        this.globalOptions = globalOptions;
        this.invocation = invocation;
        this.flags = flags;
    }

    /**
     * The command.
     *
     * @param globalOptions the options with which another execute process reads the same configuration
     */
    static Subcommand of(AgentSource agents, Supplier<List<String>> globalOptions) {
        return Subcommand.of(
                "execute",
                "Prepare, run and report one task; the exit code is the task's",
                Stream.concat(
                                TaskFlags.ALL.stream(),
                                Stream.of(
                                        REQUIRE_QUEUE,
                                        CLONE,
                                        FORCE,
                                        LOG_FILE,
                                        NO_MONITORING,
                                        FULL_MONITORING,
                                        STANDALONE,
                                        RESUME))
                        .toList(),
                invocation -> {
                    TaskFlags flags = new TaskFlags(invocation);
                    return new ExecuteCommand(agents.with(flags.configuration()), globalOptions, invocation, flags)
                            .run();
                });
    }

    private int run() throws InterruptedException {
        String logLevel = flags.logLevel();
        ServerInUse inUse = agent.locateServer();
        ClearmlServer server = agent.connect(inUse);
        TaskId task = flags.task(server);
        if (agent.sources().executorIsAskedFor()) {
            return runElsewhere(server, inUse, task);
        }
        if (!invocation.has(FULL_MONITORING.name())) {
            return run(server, inUse, task, agent.folders().workerId(), logLevel);
        }
        try (WorkerSlot slot = WorkerSlot.take(agent, server, flags.gpus())) {
            int exitCode = run(server, inUse, task, slot.id(), logLevel);
            return agent.configuration().get(TaskSettings.PROPAGATE_EXIT_CODE) ? exitCode : ExitCode.OK;
        }
    }

    /** An option of the command line names an executor: it starts another execute process, whose end is ours. */
    private int runElsewhere(ClearmlServer server, ServerInUse inUse, TaskId task) throws InterruptedException {
        Console terminal = new TerminalConsole(invocation.out());
        TaskId executed = invocation.has(CLONE.name()) ? copy(server, task, terminal) : task;
        List<String> how = new ArrayList<>(flags.again());
        for (Option flag : List.of(REQUIRE_QUEUE, FORCE, STANDALONE)) {
            if (invocation.has(flag.name()) && !(flag.equals(REQUIRE_QUEUE) && invocation.has(CLONE.name()))) {
                how.add(flag.name());
            }
        }
        Launchers launchers = new Launchers(agent, globalOptions.get(), List.of(), inUse);
        Launcher launcher = launchers.selected();
        launcher.verify();
        LaunchRequest request = ForegroundRequest.of(
                server,
                executed,
                launchers.resources(flags.gpus().orElse("")),
                new Launcher.Variables(flags.configuration(), Set.of()));
        int exitCode = new ForegroundExecution(launcher, terminal::line).run(request, how);
        return agent.configuration().get(TaskSettings.PROPAGATE_EXIT_CODE) ? exitCode : ExitCode.OK;
    }

    private int run(ClearmlServer server, ServerInUse inUse, TaskId task, String worker, String logLevel)
            throws InterruptedException {
        Optional<Path> file = invocation.value(LOG_FILE.name()).map(Path::of);
        Console terminal = new ExecuteEcho(agent, invocation.out()).of(task);
        try (LogFile log = file.isPresent() ? LogFile.create(file.get(), terminal) : LogFile.none(terminal)) {
            TaskRunner runner = new JobWiring(agent, inUse, server).taskRunner(options(worker, logLevel), log);
            if (invocation.has(RESUME.name())) {
                return runner.resume(task);
            }
            return runner.run(invocation.has(CLONE.name()) ? copy(server, task, log) : task, terms());
        }
    }

    private ExecuteOptions options(String worker, String logLevel) {
        return new ExecuteOptions(
                invocation.has(NO_MONITORING.name()) ? Monitoring.NONE : Monitoring.FULL,
                worker,
                flags.interpreterFlags(),
                logLevel,
                invocation.has(STANDALONE.name())
                        || agent.configuration()
                                .get(WorkerSettings.STANDALONE_MODE)
                                .orElse(false),
                flags.gpus().orElse(null));
    }

    private static TaskId copy(ClearmlServer server, TaskId task, Console console) {
        TaskId copy =
                server.tasks().copy(task, "Clone of " + server.tasks().get(task).name());
        console.line("clearml-agent: task " + task + " is copied, the copy is task " + copy);
        return copy;
    }

    private ClaimTerms terms() {
        return new ClaimTerms(
                invocation.has(REQUIRE_QUEUE.name()) && !invocation.has(CLONE.name()), invocation.has(FORCE.name()));
    }
}
