// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.spi;

import java.io.PrintWriter;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import ml.clear.agent.api.Stability;
import org.jspecify.annotations.Nullable;

/**
 * A subcommand of the command line, with its options; the agent parses, checks and explains them.
 *
 * @param name lower-case words joined by dashes
 * @param summary one sentence, without full stop
 * @param options what it takes
 * @param children its subcommands
 * @param action what it does; null for a command that only groups others and prints its help
 */
@Stability.Incubating(since = "0.1")
@SuppressWarnings("exports") // the mark of nullness is for those who check it; a plugin need not have its library
public record Subcommand(
        String name,
        String summary,
        List<Option> options,
        List<Subcommand> children,
        @Nullable Action action) {

    private static final List<String> HELP = List.of("-h", "--help");
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");

    /** Copies the lists; checks the name, that no name is used twice, and that only the last argument takes many values. */
    public Subcommand {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "a subcommand has lower-case words joined by dashes, got '" + name + "'");
        }
        options = List.copyOf(options);
        children = List.copyOf(children);
        requireUnique(
                name,
                "option",
                Stream.concat(HELP.stream(), options.stream().flatMap(option -> option.names().stream())));
        requireUnique(name, "subcommand", children.stream().map(Subcommand::name));
        List<Option> arguments = options.stream().filter(Option::positional).toList();
        arguments.stream()
                .limit(Math.max(0, arguments.size() - 1))
                .filter(argument -> argument.values() == Values.ANY)
                .findFirst()
                .ifPresent(greedy -> {
                    throw new IllegalArgumentException("command '" + name + "' has an argument after '" + greedy.name()
                            + "', which takes all that follow");
                });
    }

    private static void requireUnique(String command, String kind, Stream<String> names) {
        Set<String> seen = new HashSet<>();
        names.filter(name -> !seen.add(name)).findFirst().ifPresent(twice -> {
            throw new IllegalArgumentException("command '" + command + "' has the " + kind + " '" + twice + "' twice"
                    + (HELP.contains(twice) ? "; the agent itself adds it" : ""));
        });
    }

    /** A command that does something. */
    public static Subcommand of(String name, String summary, List<Option> options, Action action) {
        return new Subcommand(name, summary, options, List.of(), action);
    }

    /** A command that only groups others. */
    public static Subcommand group(String name, String summary, List<Subcommand> children) {
        return new Subcommand(name, summary, List.of(), children, null);
    }

    /** What a command does. */
    @FunctionalInterface
    public interface Action {

        /**
         * Run the command.
         *
         * @return the exit code: 0 for success, 1 for an error that was reported, other codes as documented in the
         *     command's help
         * @throws InterruptedException when the user interrupts it
         */
        int run(Invocation invocation) throws InterruptedException;
    }

    /**
     * An option or a positional argument.
     *
     * @param names the long name first, with its dashes, such as {@code --port}; one name without dashes for a positional
     *     argument
     * @param valueName what a value stands for, such as {@code number}; empty for an option without value
     * @param values how many values it takes
     * @param description what it does, without full stop
     */
    public record Option(List<String> names, String valueName, Values values, String description) {

        /** Copies the names and checks that there is one. */
        public Option {
            names = List.copyOf(names);
            if (names.isEmpty()) {
                throw new IllegalArgumentException("an option needs a name");
            }
        }

        /** An option without value. */
        public static Option flag(String name, String description) {
            return new Option(List.of(name), "", Values.NONE, description);
        }

        /** An option with a value, which may be given. */
        public static Option value(String name, String valueName, String description) {
            return new Option(List.of(name), valueName, Values.OPTIONAL, description);
        }

        /** An option with a value, which must be given. */
        public static Option required(String name, String valueName, String description) {
            return new Option(List.of(name), valueName, Values.REQUIRED, description);
        }

        /** An option that takes all values up to the next option, and may be repeated. */
        public static Option values(String name, String valueName, String description) {
            return new Option(List.of(name), valueName, Values.ANY, description);
        }

        /** A positional argument, which must be given. */
        public static Option argument(String name, String description) {
            return new Option(List.of(name), name, Values.REQUIRED, description);
        }

        /** All further positional arguments, also those after {@code --}. */
        public static Option arguments(String name, String description) {
            return new Option(List.of(name), name, Values.ANY, description);
        }

        /** The same option with another name besides, such as {@code -d}. */
        public Option orName(String other) {
            return new Option(Stream.concat(names.stream(), Stream.of(other)).toList(), valueName, values, description);
        }

        /** The first name, by which {@link Invocation} knows it. */
        public String name() {
            return names.getFirst();
        }

        /** Whether it is found by its place rather than by a name. */
        public boolean positional() {
            return !name().startsWith("-");
        }
    }

    /** How many values an option takes. */
    public enum Values {
        /** None: it is given or not. */
        NONE,
        /** One, when it is given. */
        OPTIONAL,
        /** One, and it must be given. */
        REQUIRED,
        /** Any number. */
        ANY
    }

    /** One call of a command. */
    public interface Invocation {

        /** What the agent gives to the plugin. */
        PluginContext context();

        /** Whether an option was given. */
        boolean has(String option);

        /** The value of an option or positional argument, empty when it was not given. */
        Optional<String> value(String option);

        /** All values of an option or positional argument, in order; empty when it was not given. */
        List<String> values(String option);

        /** Where results go. */
        PrintWriter out();

        /** Where messages and errors go. */
        PrintWriter err();
    }
}
