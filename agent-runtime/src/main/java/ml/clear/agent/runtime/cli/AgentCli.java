// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.error.ErrorKind;
import ml.clear.agent.api.spi.ExecutorOption;
import ml.clear.agent.api.spi.PluginContext;
import ml.clear.agent.api.spi.Subcommand;
import ml.clear.agent.api.spi.Subcommand.Action;
import ml.clear.agent.api.spi.Subcommand.Option;
import ml.clear.agent.runtime.boot.Agent;
import ml.clear.agent.runtime.boot.AgentOptions;
import ml.clear.agent.runtime.boot.AgentProcess;
import ml.clear.agent.runtime.plugins.PluginCommand;
import ml.clear.agent.runtime.redact.Redactor;
import org.jspecify.annotations.Nullable;

/**
 * Runs one command line: parses it, creates the agent, runs the command, reports its errors.
 *
 * <p>Parsing a command of the agent itself loads no plugin; plugins are asked for commands when the name is another
 * one, and for the list of all commands.
 */
final class AgentCli {

    private static final String ABOUT =
            "Takes tasks from ClearML queues, builds the environment that each asks for, runs it"
                    + " and reports on it.";

    private final AgentProcess agentProcess;
    private final Redactor redactor;
    private final PrintWriter out;
    private final PrintWriter err;
    private @Nullable Agent agent;

    /** Its plugins have contributed options, whose code may still be called. */
    private @Nullable Agent probe;

    private Map<String, String> selected = Map.of();

    /**
     * A command line that writes results to {@code out} and messages to {@code err}.
     *
     * @param redactor receives the secrets; masks the messages of other programs and servers
     */
    AgentCli(AgentProcess agentProcess, Redactor redactor, PrintWriter out, PrintWriter err) {
        this.agentProcess = agentProcess;
        this.redactor = redactor;
        this.out = out;
        this.err = err;
    }

    static String versionLine(String version) {
        return "CLEARML-AGENT version " + version;
    }

    /** Run it; the exit code. */
    int run(List<String> arguments) {
        boolean debug = false;
        try {
            GlobalOptions globals = GlobalOptions.of(arguments);
            debug = globals.debug();
            Logging.configure(debug);
            if (globals.version()) {
                out.println(versionLine(agentProcess.version()));
                return ExitCode.OK;
            }
            return dispatch(globals, arguments);
        } catch (AgentException e) {
            report(e, debug);
            return ExitCode.of(e);
        } catch (InterruptedException e) {
            return ExitCode.INTERRUPTED;
        } catch (RuntimeException e) { // the outermost level: an unexpected failure is reported like any other error
            report(new AgentException(ErrorCode.INTERNAL, "unexpected " + e, e), debug);
            return ExitCode.ERROR;
        } finally {
            out.flush();
            if (agent != null) {
                agent.close();
            }
            if (probe != null) {
                probe.close();
            }
        }
    }

    private int dispatch(GlobalOptions globals, List<String> arguments) throws InterruptedException {
        List<Subcommand> own = ownCommands(globals);
        Optional<Subcommand> named = globals.command()
                .flatMap(name -> own.stream()
                        .filter(command -> command.name().equals(name))
                        .findFirst());
        if (named.isPresent()) {
            ParsedCommand parsed = parseOwn(named.get(), globals, arguments);
            return run(parsed, AgentCli::noPlugin);
        }
        List<PluginCommand> contributed = contributedCommands(globals);
        List<Subcommand> all = new ArrayList<>(own);
        contributed.forEach(command -> all.add(command.command()));
        return run(parse(all, globals, arguments), () -> contextOf(contributed, globals));
    }

    /** The error about an unknown command repeats the problem of a plugin that may have it. */
    private ParsedCommand parse(List<Subcommand> all, GlobalOptions globals, List<String> arguments) {
        try {
            return parse(all, arguments);
        } catch (AgentException e) {
            List<String> problems = globals.command()
                    .filter(name ->
                            all.stream().noneMatch(command -> command.name().equals(name)))
                    .map(name -> agent(globals).registry().problemsBehindSubcommand(name))
                    .orElse(List.of());
            if (problems.isEmpty()) {
                throw e;
            }
            throw new AgentException(e.code(), e.getMessage() + "; " + String.join("; ", problems), e);
        }
    }

    private static ParsedCommand parse(List<Subcommand> commands, List<String> arguments) {
        return new CommandTree(ABOUT, GlobalOptions.ALL, commands).parse(arguments);
    }

    /** Plugins are asked for their options only when a word is none of the command's own, or its help is wanted. */
    private ParsedCommand parseOwn(Subcommand command, GlobalOptions globals, List<String> arguments) {
        Optional<ExecutorOption.Command> extensible = ContributedOptions.commandOf(command);
        boolean help = arguments.contains("--help") || arguments.contains("-h");
        if (extensible.isEmpty() || (!help && ContributedOptions.NONE.explains(command, arguments))) {
            return parse(List.of(command), arguments);
        }
        ContributedOptions contributed = contributedOptions(globals, help).of(extensible.get());
        ParsedCommand parsed = parse(List.of(contributed.addTo(command)), arguments);
        selected = contributed.variables(parsed);
        return parsed;
    }

    /** The help of the agent's own options does not depend on plugins that can be found. */
    private ContributedOptions contributedOptions(GlobalOptions globals, boolean help) {
        AgentOptions options = new AgentOptions(globals.configFile().orElse(null), Map.of(), false, ownWords(globals));
        Agent asked = new Agent(agentProcess, options, redactor);
        probe = asked;
        try {
            return new ContributedOptions(asked.plugins().executorOptions());
        } catch (AgentException e) {
            if (help) {
                return ContributedOptions.NONE;
            }
            throw e;
        }
    }

    private int run(ParsedCommand parsed, Supplier<PluginContext> context) throws InterruptedException {
        Optional<String> help = parsed.help();
        if (help.isPresent()) {
            out.print(help.get());
            return ExitCode.OK;
        }
        Action action = parsed.subcommand().map(Subcommand::action).orElseThrow();
        return action.run(new CliInvocation(parsed, context, out, err));
    }

    private static PluginContext contextOf(List<PluginCommand> contributed, GlobalOptions globals) {
        return contributed.stream()
                .filter(command -> globals.command()
                        .filter(command.command().name()::equals)
                        .isPresent())
                .findFirst()
                .map(PluginCommand::context)
                .orElseGet(AgentCli::noPlugin);
    }

    private static PluginContext noPlugin() {
        throw new IllegalStateException("a command of the agent's own has no plugin's context");
    }

    private List<Subcommand> ownCommands(GlobalOptions globals) {
        Supplier<Agent> lazily = () -> agent(globals);
        AgentSource withOptions = variables -> agent(globals, variables);
        return List.of(
                RunCommand.of(lazily, globals::forChildren),
                DaemonCommand.of(lazily, globals::forChildren),
                ExecuteCommand.of(withOptions, globals::forChildren),
                BuildCommand.of(withOptions, globals::forChildren),
                ListCommand.of(lazily),
                InitCommand.of(lazily),
                ConfigCommand.of(lazily, file -> agent(globals, Map.of(), file)),
                CacheCommand.of(lazily),
                PluginsCommand.of(lazily, globals::forChildren),
                StorageCommand.of(lazily));
    }

    /** With a configuration that does not hold the agent's own commands still have their help. */
    private List<PluginCommand> contributedCommands(GlobalOptions globals) {
        try {
            Agent made = agent(globals);
            globals.command().ifPresent(made.configurationCheck()::needsForPluginCommand);
            return made.registry().subcommands();
        } catch (AgentException e) {
            if (globals.command().isPresent()) {
                throw e;
            }
            err.println("clearml-agent: the commands of plugins are not shown: " + e.getMessage());
            return List.of();
        }
    }

    private Agent agent(GlobalOptions globals) {
        return agent(globals, Map.of());
    }

    private Agent agent(GlobalOptions globals, Map<String, String> variables) {
        return agent(globals, variables, globals.configFile().orElse(null));
    }

    private Agent agent(GlobalOptions globals, Map<String, String> variables, @Nullable Path file) {
        Agent known = agent;
        if (known == null) {
            Map<String, String> all = new HashMap<>(selected);
            all.putAll(variables);
            AgentOptions options = new AgentOptions(file, all, ContributedOptions.select(selected), ownWords(globals));
            known = new Agent(agentProcess, options, redactor);
            agent = known;
        }
        return known;
    }

    /** The agent's own commands, and the options of those that plugins may add options to. */
    private Set<String> ownWords(GlobalOptions globals) {
        List<Subcommand> own = ownCommands(globals);
        Stream<Option> options = Stream.concat(
                GlobalOptions.ALL.stream(),
                own.stream()
                        .filter(command -> ContributedOptions.commandOf(command).isPresent())
                        .flatMap(command -> command.options().stream())
                        .filter(option -> !option.positional()));
        return Stream.of(
                        own.stream().map(Subcommand::name),
                        options.flatMap(option -> option.names().stream()),
                        Stream.of("-h", "--help"))
                .flatMap(words -> words)
                .collect(Collectors.toSet());
    }

    private void report(AgentException error, boolean debug) {
        String message = redactor.redact(String.valueOf(error.getMessage()));
        err.println(message.startsWith(CommandTree.USAGE) ? message : "clearml-agent: error: " + message);
        if (debug) {
            error.printStackTrace(err);
        } else if (error.code().kind() == ErrorKind.INTERNAL) {
            err.println("clearml-agent: this is a defect of the agent or of a plugin; --debug shows where");
        }
    }
}
