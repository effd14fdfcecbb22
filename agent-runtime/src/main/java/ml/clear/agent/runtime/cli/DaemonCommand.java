// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.spi.Subcommand;
import ml.clear.agent.api.spi.Subcommand.Invocation;
import ml.clear.agent.api.spi.Subcommand.Option;
import ml.clear.agent.runtime.boot.Agent;
import ml.clear.agent.runtime.boot.DaemonOptions;
import ml.clear.agent.runtime.boot.DaemonWiring;
import ml.clear.agent.runtime.lifecycle.Stop;
import ml.clear.agent.runtime.lifecycle.StopSignal;
import ml.clear.agent.runtime.worker.DetachedDaemon;
import ml.clear.agent.runtime.worker.LocalStop;
import ml.clear.agent.runtime.worker.LocalWorker;
import ml.clear.agent.runtime.worker.QueueOrder;
import ml.clear.agent.runtime.worker.WorkerNaming;
import org.jspecify.annotations.Nullable;

/** {@code daemon}: takes tasks from queues, in the foreground or in the background; stops and shows daemons of this machine. */
final class DaemonCommand {

    private static final Option QUEUE =
            Option.values("--queue", "queue", "names or ids of queues, the most important one first");
    private static final Option CREATE = Option.flag("--create-queue", "make queues that do not exist");
    private static final Option FAIR = Option.flag("--order-fairness", "take tasks from the queues in turn");
    private static final Option FOREGROUND = Option.flag("--foreground", "write to the terminal, not to a log file");
    private static final Option DETACHED =
            Option.flag("--detached", "go on in the background").orName("-d");
    private static final Option POLL = Option.value(
            "--polling-interval", "seconds", "time between two polls of empty queues; 5 at least, and unless given");
    private static final Option SERVICES = Option.values(
            "--services-mode",
            "limit",
            "run several tasks at once, without GPU; at most so many, if a number is given");
    private static final Option TAGS =
            Option.values("--child-report-tags", "tag", "tags of this worker and of the tasks it runs");
    private static final Option CPU = Option.flag("--cpu-only", "tasks use no GPU");
    private static final Option GPUS =
            Option.value("--gpus", "list", "the GPUs that tasks may use, such as 0,1; all for all");
    private static final Option STOP = Option.values(
            "--stop", "worker", "stop daemons of this machine, by id or by the same options; their tasks go on");
    private static final Option ABORT = Option.flag("--abort", "with --stop: also abort their tasks");
    private static final Option STATUS = Option.flag("--status", "show the daemons of this machine");
    private static final Option LOG_FILE =
            Option.value("--own-log", "file", "for the agent's own use: where the output of this daemon goes");

    private static final int WITHOUT_LIMIT = -1;

    private final Agent agent;
    private final DaemonWiring wiring;
    private final List<String> globalOptions;
    private final Invocation invocation;

    private DaemonCommand(Agent agent, List<String> globalOptions, Invocation invocation) {
        this.agent = agent;
        this.wiring = new DaemonWiring(agent, globalOptions);
        this.globalOptions = globalOptions;
        this.invocation = invocation;
    }

    /**
     * The command.
     *
     * @param globalOptions what other processes of the agent must be told to read the same configuration
     */
    static Subcommand of(Supplier<Agent> agent, Supplier<List<String>> globalOptions) {
        return Subcommand.of(
                "daemon",
                "Take tasks from queues and run them; or stop, or show, the daemons of this machine",
                List.of(
                        QUEUE,
                        CREATE,
                        FAIR,
                        FOREGROUND,
                        DETACHED,
                        POLL,
                        SERVICES,
                        TAGS,
                        CPU,
                        GPUS,
                        STOP,
                        ABORT,
                        STATUS,
                        LOG_FILE),
                invocation -> new DaemonCommand(agent.get(), globalOptions.get(), invocation).run());
    }

    private int run() throws InterruptedException {
        if (invocation.has(STATUS.name())) {
            return status();
        }
        if (invocation.has(STOP.name())) {
            return stop();
        }
        if (invocation.has(DETACHED.name())) {
            return detach();
        }
        return invocation.has(FOREGROUND.name()) ? serve(invocation.out()) : serveSilently();
    }

    private int serve(PrintWriter out) throws InterruptedException {
        Stop stop = new Stop();
        try (StopSignal signal = new StopSignal(stop::request)) {
            wiring.run(options(), new TerminalConsole(out), stop);
        }
        return ExitCode.OK;
    }

    /** As with the Python agent the terminal stays silent, and busy. */
    private int serveSilently() throws InterruptedException {
        Path log = newLog();
        try {
            Files.createDirectories(log.getParent());
            say("writes to " + log + "; --foreground writes here, --detached goes on in the background");
            try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(log, StandardCharsets.UTF_8))) {
                return serve(out);
            }
        } catch (IOException e) {
            throw new AgentException(ErrorCode.FILE_SYSTEM, "cannot write to '" + log + "': " + e, e);
        }
    }

    private int detach() throws InterruptedException {
        Path log = newLog();
        Optional<LocalWorker> daemon = new DetachedDaemon(
                        wiring.localWorkers(),
                        agent.surroundings().environment().getOrDefault("PATH", "/usr/bin:/bin"))
                .start(detachedCommand(log), log);
        say(daemon.map(found -> "daemon '" + found.id() + "' runs as process "
                                + found.process().pid())
                        .orElse("the daemon is still starting")
                + ", its log is " + log);
        return ExitCode.OK;
    }

    private List<String> detachedCommand(Path log) {
        List<String> command = new ArrayList<>(agent.surroundings().agentCommand());
        command.addAll(globalOptions);
        command.addAll(List.of("daemon", FOREGROUND.name(), LOG_FILE.name(), log.toString()));
        for (Option flag : List.of(CREATE, FAIR, CPU)) {
            if (invocation.has(flag.name())) {
                command.add(flag.name());
            }
        }
        for (Option option : List.of(QUEUE, POLL, SERVICES, TAGS, GPUS)) {
            if (invocation.has(option.name())) {
                command.add(option.name());
                command.addAll(invocation.values(option.name()));
            }
        }
        return command;
    }

    private Path newLog() {
        return wiring.logs()
                .resolve("daemon-" + agent.clock().millis() + "-"
                        + ProcessHandle.current().pid() + ".log");
    }

    private int status() {
        List<LocalWorker> daemons = wiring.localWorkers().alive();
        if (daemons.isEmpty()) {
            say("no daemon runs on this machine");
        }
        for (LocalWorker daemon : daemons) {
            invocation
                    .out()
                    .println(daemon.id() + "  process " + daemon.process().pid() + "  since " + daemon.started()
                            + "  queues " + String.join(", ", daemon.queues())
                            + (daemon.log().isEmpty() ? "" : "  log " + daemon.log()));
        }
        return ExitCode.OK;
    }

    private int stop() throws InterruptedException {
        List<String> ids = invocation.values(STOP.name());
        LocalStop.Tasks tasks = invocation.has(ABORT.name()) ? LocalStop.Tasks.ABORT : LocalStop.Tasks.KEEP;
        LocalStop stop = wiring.localStop(new TerminalConsole(invocation.out()));
        List<LocalWorker> daemons = ids.isEmpty() ? ofTheseOptions() : withIds(ids);
        boolean done = !daemons.isEmpty();
        for (LocalWorker daemon : daemons) {
            done &= stop.stop(daemon, tasks);
        }
        for (String id : ids) {
            if (daemons.stream().noneMatch(daemon -> daemon.id().equals(id))) {
                boolean aborted = tasks == LocalStop.Tasks.ABORT && stop.abortLeftBy(id);
                done = aborted && (done || daemons.isEmpty());
                if (!aborted) {
                    say("no daemon '" + id + "' runs on this machine");
                }
            }
        }
        if (ids.isEmpty() && daemons.isEmpty()) {
            say("no daemon '" + wiring.naming(options()).prefix() + "' runs on this machine");
        }
        return done ? ExitCode.OK : ExitCode.ERROR;
    }

    /** One a call, as with the Python agent: the one with the id that these options make, or the first of the machine. */
    private List<LocalWorker> ofTheseOptions() {
        WorkerNaming naming = wiring.naming(options());
        return wiring.localWorkers().alive().stream()
                .filter(daemon -> naming.isUnique()
                        ? daemon.id().equals(naming.prefix())
                        : daemon.id().startsWith(naming.prefix()))
                .limit(1)
                .toList();
    }

    private List<LocalWorker> withIds(List<String> ids) {
        return wiring.localWorkers().alive().stream()
                .filter(daemon -> ids.contains(daemon.id()))
                .toList();
    }

    private DaemonOptions options() {
        return new DaemonOptions(
                invocation.values(QUEUE.name()),
                invocation.has(CREATE.name()),
                invocation.has(FAIR.name()) ? QueueOrder.FAIR : QueueOrder.PRIORITY,
                services(),
                invocation
                        .value(POLL.name())
                        .map(text -> Duration.ofSeconds(number(POLL, text)))
                        .orElse(null),
                invocation.values(TAGS.name()),
                invocation.has(CPU.name())
                        ? invocation.value(GPUS.name()).orElse("none")
                        : invocation.value(GPUS.name()).orElse(null),
                invocation.value(LOG_FILE.name()).orElse(""));
    }

    /** As with the Python agent -1 and no number are no limit, and 0 is no services mode. */
    private @Nullable Integer services() {
        if (!invocation.has(SERVICES.name())) {
            return null;
        }
        List<String> limit = invocation.values(SERVICES.name());
        int number = limit.isEmpty() ? WITHOUT_LIMIT : number(SERVICES, limit.getFirst());
        return number == 0 ? null : Math.max(0, number);
    }

    private static int number(Option option, String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new AgentException(
                    ErrorCode.COMMAND_LINE_INVALID, option.name() + " is '" + text + "'; a whole number is needed", e);
        }
    }

    private void say(String words) {
        invocation.out().println("clearml-agent: " + words);
        invocation.out().flush();
    }
}
