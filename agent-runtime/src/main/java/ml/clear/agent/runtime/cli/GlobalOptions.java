// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import ml.clear.agent.api.spi.Subcommand.Option;

/**
 * The options before the command, and the command's name: what must be known before the command itself can be understood.
 */
final class GlobalOptions {

    private static final Option CONFIG_FILE = Option.value(
            "--config-file",
            "path",
            "the configuration file; what CLEARML_CONFIG_FILE names, or ~/clearml.conf, unless given");
    private static final Option DEBUG =
            Option.flag("--debug", "log debug messages, and show stack traces").orName("-d");
    private static final Option VERSION = Option.flag("--version", "print the version and exit");

    /** All of them. */
    static final List<Option> ALL = List.of(CONFIG_FILE, DEBUG, VERSION);

    private final ParsedCommand parsed;

    private GlobalOptions(ParsedCommand parsed) {
        this.parsed = parsed;
    }

    /**
     * Read them from a command line.
     *
     * @throws ml.clear.agent.api.error.AgentException {@code COMMAND_LINE_INVALID} when one of them is wrong
     */
    static GlobalOptions of(List<String> arguments) {
        return new GlobalOptions(
                new CommandTree("", ALL, List.of()).untilFirstWord().parse(arguments));
    }

    /** The name of the command; empty when none is given. */
    Optional<String> command() {
        return parsed.rest().stream().findFirst();
    }

    Optional<Path> configFile() {
        return parsed.value(CONFIG_FILE.name()).map(Path::of);
    }

    boolean debug() {
        return parsed.has(DEBUG.name());
    }

    boolean version() {
        return parsed.has(VERSION.name());
    }

    /** What another process of the agent must be given to read the same configuration. */
    List<String> forChildren() {
        List<String> options = new ArrayList<>();
        configFile()
                .ifPresent(file -> options.addAll(
                        List.of(CONFIG_FILE.name(), file.toAbsolutePath().toString())));
        if (debug()) {
            options.add(DEBUG.name());
        }
        return options;
    }
}
