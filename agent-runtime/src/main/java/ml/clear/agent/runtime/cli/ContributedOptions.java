// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.cli;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.spi.ExecutorOption;
import ml.clear.agent.api.spi.ExecutorOption.Command;
import ml.clear.agent.api.spi.Subcommand;
import ml.clear.agent.api.spi.Subcommand.Option;

/**
 * The options that plugins contribute to one of the agent's own commands.
 *
 * @param options the options
 */
record ContributedOptions(List<ExecutorOption> options) {

    /** None. */
    static final ContributedOptions NONE = new ContributedOptions(List.of());

    /** What selects an executor, as a variable that stands above the configuration files. */
    private static final String EXECUTOR = "CLEARML_AGENT__AGENT__EXECUTOR__TYPE";

    /** Copies the list. */
    ContributedOptions {
        options = List.copyOf(options);
    }

    /** Whether plugins may contribute options to a command; empty when not. */
    static Optional<Command> commandOf(Subcommand subcommand) {
        return Stream.of(Command.values())
                .filter(command -> command.name().toLowerCase(Locale.ROOT).equals(subcommand.name()))
                .findFirst();
    }

    /** Those of one command. */
    ContributedOptions of(Command command) {
        return new ContributedOptions(options.stream()
                .filter(option -> option.commands().contains(command))
                .toList());
    }

    /**
     * Whether every word that looks like a long option is one of a command, a global one or one of these, as far as it is
     * written. An option that takes any number of values would take a word that no parser knows for one of them.
     */
    boolean explains(Subcommand command, List<String> arguments) {
        List<String> known = Stream.of(
                        command.options().stream(),
                        GlobalOptions.ALL.stream(),
                        options.stream().map(ExecutorOption::option))
                .flatMap(all -> all)
                .flatMap(option -> option.names().stream())
                .toList();
        return arguments.stream()
                .takeWhile(word -> !word.equals("--"))
                .filter(word -> word.startsWith("--"))
                .map(word -> word.split("=", 2)[0])
                .allMatch(word -> known.stream().anyMatch(name -> name.startsWith(word)));
    }

    /** Whether these variables select an executor. */
    static boolean select(Map<String, String> variables) {
        return variables.containsKey(EXECUTOR);
    }

    /** A command with these options besides its own. */
    Subcommand addTo(Subcommand command) {
        List<Option> all = Stream.concat(
                        command.options().stream(), options.stream().map(ExecutorOption::option))
                .toList();
        return new Subcommand(command.name(), command.summary(), all, command.children(), command.action());
    }

    /**
     * What the given ones select and set, under the names of the variables that would.
     *
     * @throws AgentException {@code COMMAND_LINE_INVALID} when two of them contradict each other
     */
    Map<String, String> variables(ParsedCommand parsed) {
        Map<String, String> variables = new HashMap<>();
        Map<String, String> setBy = new HashMap<>();
        for (ExecutorOption option : options) {
            String name = option.option().name();
            if (!parsed.has(name)) {
                continue;
            }
            Map<String, String> own = new HashMap<>(option.variables().apply(parsed.values(name)));
            if (!option.executor().isEmpty()) {
                own.put(EXECUTOR, option.executor());
            }
            own.forEach((variable, value) -> {
                String other = variables.putIfAbsent(variable, value);
                if (other != null && !other.equals(value)) {
                    throw new AgentException(
                            ErrorCode.COMMAND_LINE_INVALID,
                            setBy.get(variable) + " and " + name + " contradict each other: '" + other + "' and '"
                                    + value + "'; give one of them");
                }
                setBy.putIfAbsent(variable, name);
            });
        }
        return variables;
    }
}
