// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.cli;

import java.util.ArrayList;
import java.util.List;
import ml.clear.agent.runtime.config.NearestKey;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * A word of the command line that nothing knows.
 *
 * @param word the word, without a value behind an equals sign
 * @param command the command that it was given to
 */
record UnknownWord(String word, CommandSpec command) {

    private static final int MOST_SUGGESTIONS = 2;

    static UnknownWord of(UnmatchedArgumentException failure) {
        String word = failure.getUnmatched().getFirst();
        int value = word.startsWith("-") ? word.indexOf('=') : -1;
        return new UnknownWord(
                value < 0 ? word : word.substring(0, value),
                failure.getCommandLine().getCommandSpec());
    }

    /** What is wrong, and what may have been meant. */
    String message() {
        CommandSpec root = command.root();
        if (word.startsWith("-")) {
            return command != root && root.findOption(word) != null
                    ? "option '" + word + "' goes before the command '" + command.name() + "'"
                    : "unknown option '" + word + "'" + suggestion(options());
        }
        return command.subcommands().isEmpty()
                ? "unexpected argument '" + word + "'"
                : "unknown command '" + word + "'"
                        + suggestion(List.copyOf(command.subcommands().keySet()));
    }

    private List<String> options() {
        List<String> names = new ArrayList<>();
        for (OptionSpec option : command.options()) {
            if (!option.hidden()) {
                names.addAll(List.of(option.names()));
            }
        }
        return names;
    }

    private String suggestion(List<String> known) {
        List<String> nearest = new NearestKey(known).to(word, MOST_SUGGESTIONS);
        return nearest.isEmpty() ? "" : "; did you mean '" + String.join("' or '", nearest) + "'?";
    }
}
