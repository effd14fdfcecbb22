// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.spi;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import ml.clear.agent.api.Stability;
import ml.clear.agent.api.spi.Subcommand.Option;

/**
 * An option that a plugin contributes to commands of the agent which run tasks. Giving it selects an executor for this call,
 * and sets settings as environment variables do.
 *
 * @param option the option; no other option of these commands has its name
 * @param commands the commands that have it
 * @param executor the name of the executor that it selects; empty for an option that only sets settings
 * @param variables the variables that the values of the option stand for, by name; two options that give one variable
 *     different values cannot be combined. Must return quickly, and may throw an {@link
 *     ml.clear.agent.api.error.AgentException} {@code COMMAND_LINE_INVALID}
 */
@Stability.Incubating(since = "0.1")
public record ExecutorOption(
        Option option, Set<Command> commands, String executor, Function<List<String>, Map<String, String>> variables) {

    /** Copies the commands and checks for absence. */
    public ExecutorOption {
        Objects.requireNonNull(option);
        commands = Set.copyOf(commands);
        Objects.requireNonNull(executor);
        Objects.requireNonNull(variables);
        if (option.positional()) {
            throw new IllegalArgumentException(
                    "an executor is selected by an option, got the argument '" + option.name() + "'");
        }
    }

    /** A command of the agent that runs tasks. */
    public enum Command {
        /** {@code clearml-agent daemon}. */
        DAEMON,
        /** {@code clearml-agent execute}. */
        EXECUTE,
        /** {@code clearml-agent run}. */
        RUN,
        /** {@code clearml-agent build}. */
        BUILD
    }
}
