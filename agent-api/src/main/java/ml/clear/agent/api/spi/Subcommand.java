// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.spi;

import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import ml.clear.agent.api.Stability;

/**
 * A subcommand of the command line, with its options; the agent parses, checks and explains them.
 *
 * @param name lower-case words joined by dashes
 * @param summary one sentence, without full stop
 * @param options what it takes
 * @param children subcommands of its own; one that has some does nothing itself
 * @param action what it does
 */
@Stability.Incubating(since = "0.1")
public record Subcommand(String name, String summary, List<Option> options, List<Subcommand> children, Action action) {

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");

    /** Checks the name and copies the lists. */
    public Subcommand {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "a subcommand has lower-case words joined by dashes, got '" + name + "'");
        }
        options = List.copyOf(options);
        children = List.copyOf(children);
    }

    /** A command that does something. */
    public static Subcommand of(String name, String summary, List<Option> options, Action action) {
        return new Subcommand(name, summary, options, List.of(), action);
    }

    /** A command that only holds others. */
    public static Subcommand group(String name, String summary, List<Subcommand> children) {
        return new Subcommand(name, summary, List.of(), children, invocation -> 0);
    }

    /** What a command does. */
    @FunctionalInterface
    public interface Action {

        /**
         * Do it.
         *
         * @return the exit code: 0 for success, 1 for an error that was told, others as the command's help says
         * @throws InterruptedException when the user interrupts it
         */
        int run(Invocation invocation) throws InterruptedException;
    }

    /**
     * An option or a positional argument.
     *
     * @param name with its dashes, such as {@code --port}; without dashes for a positional argument
     * @param valueName what the value stands for, such as {@code number}; empty for an option without value
     * @param sentence what it does, without full stop
     * @param required whether it must be given
     */
    public record Option(String name, String valueName, String sentence, boolean required) {

        /** An option without value, which may be given. */
        public static Option flag(String name, String sentence) {
            return new Option(name, "", sentence, false);
        }

        /** An option with a value, which may be given. */
        public static Option value(String name, String valueName, String sentence) {
            return new Option(name, valueName, sentence, false);
        }

        /** A positional argument, which must be given. */
        public static Option argument(String name, String sentence) {
            return new Option(name, name, sentence, true);
        }
    }

    /** One call of a command. */
    public interface Invocation {

        /** What the agent gives to the plugin. */
        PluginContext context();

        /** Whether an option was given. */
        boolean has(String option);

        /** The value of an option or positional argument, empty when it was not given. */
        Optional<String> value(String option);

        /** Where results go. */
        PrintWriter out();

        /** Where messages and errors go. */
        PrintWriter err();
    }
}
