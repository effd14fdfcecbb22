// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.cli;

import java.util.List;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.spi.Subcommand;
import ml.clear.agent.api.spi.Subcommand.Option;
import ml.clear.agent.api.spi.Subcommand.Values;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Turns {@link Subcommand}s, the agent's own and those of plugins alike, into a parser with the Python agent's habits:
 * unambiguous prefixes of long options are accepted, {@code @file} brings in arguments, one a line, and global options come
 * before the command.
 */
final class CommandTree {

    /** The name that usage lines start with. */
    static final String PROGRAM = "clearml-agent";

    /** What the message about an invalid command line begins with. */
    static final String USAGE = "usage: ";

    private final CommandLine commandLine;

    /**
     * A tree of commands.
     *
     * @param program what the program does, for its help
     * @param globals the options before the command
     * @param commands the commands
     */
    CommandTree(String program, List<Option> globals, List<Subcommand> commands) {
        CommandSpec root = CommandSpec.create().name(PROGRAM);
        root.usageMessage().description(program).synopsisSubcommandLabel("<command>");
        HelpPage page = HelpPage.of(PROGRAM);
        addOptions(root, globals, page);
        root.addOption(help());
        page.arrange(root);
        commands.forEach(command -> root.addSubcommand(command.name(), spec(command)));
        commandLine = new CommandLine(root)
                .setAbbreviatedOptionsAllowed(true)
                .setUseSimplifiedAtFiles(true)
                .setOverwrittenOptionsAllowed(true)
                .setPosixClusteredShortOptionsAllowed(false)
                .setUsageHelpWidth(110);
    }

    /** The same tree, which understands nothing behind the first word that is no option. */
    CommandTree untilFirstWord() {
        commandLine.setStopAtPositional(true).setUnmatchedArgumentsAllowed(true);
        return this;
    }

    /**
     * Parse a command line.
     *
     * @throws AgentException {@code COMMAND_LINE_INVALID}; the message is the usage of the command, then what is wrong
     */
    ParsedCommand parse(List<String> arguments) {
        try {
            return ParsedCommand.of(commandLine.parseArgs(arguments.toArray(String[]::new)));
        } catch (ParameterException e) {
            CommandLine command = e.getCommandLine();
            String name = command.getCommandSpec().qualifiedName();
            String usage = new CommandLine.Help(command.getCommandSpec(), CommandLine.Help.defaultColorScheme(Ansi.OFF))
                    .synopsis(USAGE.length());
            throw new AgentException(
                    ErrorCode.COMMAND_LINE_INVALID,
                    USAGE + usage + name + ": error: " + reason(e) + "; see " + name + " --help",
                    e);
        }
    }

    private static String reason(ParameterException failure) {
        return failure instanceof UnmatchedArgumentException unmatched
                ? UnknownWord.of(unmatched).message()
                : String.valueOf(failure.getMessage());
    }

    private static CommandSpec spec(Subcommand command) {
        CommandSpec spec = CommandSpec.wrapWithoutInspection(command).name(command.name());
        spec.usageMessage().description(command.summary());
        HelpPage page = HelpPage.of(command.name());
        addOptions(spec, command.options(), page);
        spec.addOption(help());
        page.arrange(spec);
        command.children().forEach(child -> spec.addSubcommand(child.name(), spec(child)));
        return spec;
    }

    private static void addOptions(CommandSpec spec, List<Option> options, HelpPage page) {
        int position = 0;
        for (Option option : options) {
            if (option.positional()) {
                spec.addPositional(positional(option, position++));
            } else {
                spec.addOption(named(option, page.hidden().contains(option.name())));
            }
        }
    }

    private static OptionSpec named(Option option, boolean hidden) {
        return OptionSpec.builder(option.names().toArray(String[]::new))
                .description(option.description())
                .paramLabel(label(option))
                .type(type(option))
                .auxiliaryTypes(option.values() == Values.NONE ? boolean.class : String.class)
                .arity(arity(option))
                .required(option.values() == Values.REQUIRED)
                .hidden(hidden)
                .build();
    }

    private static PositionalParamSpec positional(Option option, int position) {
        return PositionalParamSpec.builder()
                .description(option.description())
                .paramLabel(label(option))
                .type(type(option))
                .auxiliaryTypes(option.values() == Values.NONE ? boolean.class : String.class)
                .index(option.values() == Values.ANY ? position + "..*" : String.valueOf(position))
                .arity(arity(option))
                .required(option.values() == Values.REQUIRED)
                .build();
    }

    private static String label(Option option) {
        return "<" + option.valueName() + ">";
    }

    private static Class<?> type(Option option) {
        return switch (option.values()) {
            case NONE -> boolean.class;
            case OPTIONAL, REQUIRED -> String.class;
            case ANY -> List.class;
        };
    }

    private static String arity(Option option) {
        return switch (option.values()) {
            case NONE -> "0";
            case OPTIONAL, REQUIRED -> "1";
            case ANY -> "0..*";
        };
    }

    private static OptionSpec help() {
        return OptionSpec.builder("-h", "--help")
                .type(boolean.class)
                .usageHelp(true)
                .description("show this help and exit")
                .build();
    }
}
