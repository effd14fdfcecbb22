// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.api.spi.Subcommand;
import ml.clear.agent.api.spi.Subcommand.Invocation;
import ml.clear.agent.api.spi.Subcommand.Option;
import ml.clear.agent.runtime.boot.Agent;
import ml.clear.agent.runtime.boot.DaemonOptions;
import ml.clear.agent.runtime.boot.DaemonWiring;
import ml.clear.agent.runtime.config.WorkerSettings;
import ml.clear.agent.runtime.lifecycle.EndSignals;
import ml.clear.agent.runtime.process.RotatingLog;
import ml.clear.agent.runtime.worker.DaemonStop;
import ml.clear.agent.runtime.worker.DetachedDaemon;
import ml.clear.agent.runtime.worker.LocalStop;
import ml.clear.agent.runtime.worker.LocalWorker;
import ml.clear.agent.runtime.worker.WorkerNaming;

/** {@code daemon}: takes tasks from queues, in the foreground or in the background; stops and shows daemons of this machine. */
final class DaemonCommand {

    private static final Option FOREGROUND = Option.flag("--foreground", "write to the terminal, not to a log file");
    private static final Option DETACHED =
            Option.flag("--detached", "run in the background").orName("-d");
    private static final Option STOP = Option.values(
            "--stop", "worker", "stop daemons of this machine, by id or by the same options; their tasks keep running");
    private static final Option ABORT = Option.flag("--abort", "with --stop: also abort their tasks");
    private static final Option STATUS = Option.flag("--status", "show the daemons of this machine");

    /**
     * The settings that find a daemon: it must be possible to stop one even if the rest of the configuration is
     * invalid.
     */
    private static final Set<String> NEEDED_TO_STOP =
            Set.of("agent.state_dir", WorkerSettings.WORKER_ID.key(), WorkerSettings.WORKER_NAME.key());

    private final Agent agent;
    private final DaemonWiring wiring;
    private final List<String> globalOptions;
    private final Invocation invocation;
    private final DaemonFlags flags;

    private DaemonCommand(Agent agent, List<String> globalOptions, Invocation invocation) {
        this.agent = agent;
        this.wiring = new DaemonWiring(agent, globalOptions);
        this.globalOptions = globalOptions;
        this.invocation = invocation;
        this.flags = new DaemonFlags(invocation);
    }

    /**
     * The command.
     *
     * @param globalOptions the options with which other processes of the agent read the same configuration
     */
    static Subcommand of(Supplier<Agent> agent, Supplier<List<String>> globalOptions) {
        return Subcommand.of(
                "daemon",
                "Take tasks from queues and run them; stop or show local daemons",
                Stream.concat(DaemonFlags.ALL.stream(), Stream.of(FOREGROUND, DETACHED, STOP, ABORT, STATUS))
                        .toList(),
                invocation -> new DaemonCommand(agent.get(), globalOptions.get(), invocation).run());
    }

    private int run() throws InterruptedException {
        if (invocation.has(STATUS.name()) || invocation.has(STOP.name())) {
            agent.configurationCheck().needs(problem -> NEEDED_TO_STOP.contains(problem.key()));
            Warnings.print(agent.configurationCheck().result().errors(), invocation.err());
            return invocation.has(STATUS.name()) ? status() : stop();
        }
        if (invocation.has(DETACHED.name())) {
            return detach();
        }
        agent.configuration();
        if (!invocation.has(FOREGROUND.name())) {
            return serveSilently();
        }
        DaemonOptions options = flags.options();
        return options.log().isEmpty()
                ? serve(options, new TerminalConsole(invocation.out()))
                : serveInto(Path.of(options.log()), options);
    }

    private int serve(DaemonOptions options, Console console) throws InterruptedException {
        DaemonStop stop = new DaemonStop();
        try (EndSignals signals = new EndSignals(kind -> react(kind, stop))) {
            try {
                wiring.run(options, console, stop);
            } catch (InterruptedException e) {
                return signals.first().map(EndSignals.Kind::exitCode).orElse(ExitCode.INTERRUPTED);
            }
            return signals.first().map(EndSignals.Kind::exitCode).orElse(ExitCode.OK);
        }
    }

    private void react(EndSignals.Kind kind, DaemonStop stop) {
        switch (kind) {
            case INT -> {
                say(
                        stop.stop().isRequested()
                                ? "leaving running tasks to the next daemon"
                                : "taking no more tasks; press Ctrl-C again to leave running tasks to the next daemon");
                stop.requestAtTerminal();
            }
            case HUP, TERM -> stop.request();
        }
    }

    private int serveInto(Path log, DaemonOptions options) throws InterruptedException {
        try (RotatingLog file = wiring.log(log)) {
            return serve(options, file);
        }
    }

    /** As with the Python agent the terminal stays silent, and busy. */
    private int serveSilently() throws InterruptedException {
        Path log = wiring.newLog();
        say("writing to " + log + "; use --foreground to write here, --detached to run in the background");
        return serveInto(log, flags.options(log.toString()));
    }

    private int detach() throws InterruptedException {
        Path log = wiring.newLog();
        List<String> command = new ArrayList<>(agent.process().agentCommand());
        command.addAll(globalOptions);
        command.addAll(List.of("daemon", FOREGROUND.name()));
        command.addAll(flags.again(log));
        Optional<LocalWorker> daemon = new DetachedDaemon(
                        wiring.localWorkers(), agent.process().environment().getOrDefault("PATH", "/usr/bin:/bin"))
                .start(command, variablesForAnother(), log);
        say(daemon.map(found -> "daemon '" + found.id() + "' runs as process "
                                + found.process().pid())
                        .orElse("the daemon is still starting")
                + ", its log is " + log);
        return ExitCode.OK;
    }

    /** What the options of plugins set goes along with what our own options set. */
    private Map<String, String> variablesForAnother() {
        Map<String, String> variables = new HashMap<>(agent.sources().optionVariables());
        variables.putAll(flags.configuration());
        return variables;
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
        LocalStop stop = wiring.localStop(new TerminalConsole(invocation.out()));
        List<String> ids = invocation.values(STOP.name());
        if (ids.isEmpty()) {
            ids = List.of(idOfTheseOptions());
        }
        boolean all = true;
        for (String id : ids) {
            all &= stop(stop, id);
        }
        return all ? ExitCode.OK : ExitCode.ERROR;
    }

    private boolean stop(LocalStop stop, String id) throws InterruptedException {
        boolean abort = invocation.has(ABORT.name());
        Optional<LocalWorker> daemon = wiring.localWorkers().alive().stream()
                .filter(found -> found.id().equals(id))
                .findFirst();
        if (daemon.isPresent()) {
            return stop.stop(daemon.get(), abort ? LocalStop.Tasks.ABORT : LocalStop.Tasks.KEEP);
        }
        if (abort && stop.abortLeftBy(id)) {
            return true;
        }
        say("no daemon '" + id + "' runs on this machine");
        return false;
    }

    /** One a call, as with the Python agent: the one with the id that these options make, or the first of the machine. */
    private String idOfTheseOptions() {
        WorkerNaming naming = wiring.naming(flags.options());
        return wiring.localWorkers().alive().stream()
                .map(LocalWorker::id)
                .filter(id -> !naming.isUnique() && id.startsWith(naming.prefix()))
                .findFirst()
                .orElse(naming.id(0));
    }

    private void say(String words) {
        invocation.out().println("clearml-agent: " + words);
        invocation.out().flush();
    }
}
