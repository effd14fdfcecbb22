// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import ml.clear.agent.api.Stability;

/**
 * An external program to run: an argument list, never a text for a shell.
 *
 * @param arguments the program and its arguments; none of them may hold a secret, since other users see them
 * @param directory where it runs
 * @param environment variables to set besides the inherited ones; none may hold a secret if {@link SecretFile} can carry it
 * @param removedVariables inherited variables to leave out
 * @param secretFiles texts that it reads from files without a name
 * @param input what it reads from its standard input, empty for none
 * @param timeout the longest time it may take
 * @param showsStates whether each state of a line that the program overwrites, such as a progress bar, is shown as a line of
 *     its own; if not, a line is shown in its last state
 */
@Stability.Incubating(since = "0.1")
public record Command(
        List<String> arguments,
        Path directory,
        Map<String, String> environment,
        Set<String> removedVariables,
        List<SecretFile> secretFiles,
        String input,
        Duration timeout,
        boolean showsStates) {

    /** Copies the collections and checks them. */
    public Command {
        if (arguments.isEmpty()) {
            throw new IllegalArgumentException("a command needs at least the name of a program");
        }
        arguments = List.copyOf(arguments);
        environment = Map.copyOf(environment);
        removedVariables = Set.copyOf(removedVariables);
        secretFiles = List.copyOf(secretFiles);
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("a command needs a positive time limit, got " + timeout);
        }
    }

    /** Start describing a command. */
    public static Builder of(String... arguments) {
        return new Builder(List.of(arguments));
    }

    /** Start describing a command. */
    public static Builder of(List<String> arguments) {
        return new Builder(arguments);
    }

    /** The program, for messages: without its arguments, which may be long. */
    public String program() {
        return arguments.getFirst();
    }

    /** Collects the parts of a command; not for several threads. */
    public static final class Builder {

        private final List<String> arguments;
        private final Map<String, String> environment = new HashMap<>();
        private final Set<String> removedVariables = new HashSet<>();
        private final List<SecretFile> secretFiles = new ArrayList<>();
        private Path directory = Path.of("").toAbsolutePath();
        private String input = "";
        private Duration timeout = Duration.ofMinutes(60);
        private boolean showsStates;

        private Builder(List<String> arguments) {
            this.arguments = new ArrayList<>(arguments);
        }

        /** Add arguments at the end. */
        public Builder arguments(List<String> more) {
            arguments.addAll(more);
            return this;
        }

        /** Run in this folder; the agent's own unless set. */
        public Builder directory(Path folder) {
            this.directory = folder;
            return this;
        }

        /** Set a variable. */
        public Builder environment(String name, String value) {
            environment.put(name, value);
            return this;
        }

        /** Set several variables. */
        public Builder environment(Map<String, String> variables) {
            environment.putAll(variables);
            return this;
        }

        /** Leave out an inherited variable. */
        public Builder removeVariable(String name) {
            removedVariables.add(name);
            return this;
        }

        /** Hand a secret over. */
        public Builder secretFile(SecretFile file) {
            secretFiles.add(file);
            return this;
        }

        /** Give this text on the standard input. */
        public Builder input(String text) {
            this.input = text;
            return this;
        }

        /** Allow at most this time; an hour unless set. */
        public Builder timeout(Duration limit) {
            this.timeout = limit;
            return this;
        }

        /** Show each state of a line that the program overwrites; only the last one unless set. */
        public Builder showStates() {
            this.showsStates = true;
            return this;
        }

        /** The command. */
        public Command build() {
            return new Command(
                    arguments, directory, environment, removedVariables, secretFiles, input, timeout, showsStates);
        }
    }
}
