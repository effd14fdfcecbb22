// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.cli;

import java.util.List;
import java.util.Optional;
import ml.clear.agent.api.spi.Subcommand;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** A command line that was understood: the global options, and the command with its own. */
final class ParsedCommand {

    private final ParseResult globals;
    private final ParseResult command;

    private ParsedCommand(ParseResult globals, ParseResult command) {
        this.globals = globals;
        this.command = command;
    }

    static ParsedCommand of(ParseResult result) {
        ParseResult innermost = result;
        while (innermost.hasSubcommand()) {
            innermost = innermost.subcommand();
        }
        return new ParsedCommand(result, innermost);
    }

    /** The command to run; empty when only the program was named. */
    Optional<Subcommand> subcommand() {
        return command.commandSpec().userObject() instanceof Subcommand found ? Optional.of(found) : Optional.empty();
    }

    /** The help to print instead of running anything: asked for, or a command that only holds others. */
    Optional<String> help() {
        boolean nothingToRun = subcommand().map(found -> found.action() == null).orElse(true);
        if (!command.isUsageHelpRequested() && !nothingToRun) {
            return Optional.empty();
        }
        return Optional.of(command.commandSpec().commandLine().getUsageMessage(Ansi.AUTO));
    }

    /** What was not understood, since it stands behind the first word; see {@link CommandTree#untilFirstWord}. */
    List<String> rest() {
        return globals.unmatched();
    }

    /** Whether an option or argument of the command was given. */
    boolean has(String name) {
        return raw(name) != null;
    }

    /** The value of an option or argument of the command. */
    Optional<String> value(String name) {
        return raw(name) instanceof String text ? Optional.of(text) : Optional.empty();
    }

    /** The values of an option or argument of the command. */
    List<String> values(String name) {
        return switch (raw(name)) {
            case List<?> list -> list.stream().map(String::valueOf).toList();
            case String text -> List.of(text);
            case null, default -> List.of();
        };
    }

    private @Nullable Object raw(String name) {
        if (name.startsWith("-")) {
            return command.hasMatchedOption(name) ? command.matchedOption(name).getValue() : null;
        }
        for (PositionalParamSpec positional : command.matchedPositionals()) {
            if (positional.paramLabel().equals("<" + name + ">")) {
                return positional.getValue();
            }
        }
        return null;
    }
}
