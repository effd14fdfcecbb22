// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A command of git.
 *
 * @param directory where it runs
 * @param arguments the subcommand and its arguments
 * @param config keys of git's configuration for this command, which precede those of every file
 * @param environment further variables
 * @param secrets configuration that must show nowhere, in the form of a file of git; empty for none
 * @param limit the longest time it may take
 */
record GitCommand(
        Path directory,
        List<String> arguments,
        Map<String, String> config,
        Map<String, String> environment,
        SecretConfiguration secrets,
        Duration limit) {

    private static final Duration USUAL_LIMIT = Duration.ofHours(1);

    /** Transfers fail when no more data arrives, not after a total time. */
    private static final Duration TRANSFER_LIMIT = Duration.ofDays(7);

    GitCommand {
        arguments = List.copyOf(arguments);
        config = new LinkedHashMap<>(config);
        environment = Map.copyOf(environment);
    }

    static GitCommand in(Path directory, String... arguments) {
        return in(directory, List.of(arguments));
    }

    static GitCommand in(Path directory, List<String> arguments) {
        return new GitCommand(directory, arguments, Map.of(), Map.of(), SecretConfiguration.NONE, USUAL_LIMIT);
    }

    GitCommand with(String key, String value) {
        return with(Map.of(key, value));
    }

    GitCommand with(Map<String, String> keys) {
        Map<String, String> all = new LinkedHashMap<>(config);
        all.putAll(keys);
        return new GitCommand(directory, arguments, all, environment, secrets, limit);
    }

    GitCommand variables(Map<String, String> variables) {
        Map<String, String> all = new LinkedHashMap<>(environment);
        all.putAll(variables);
        return new GitCommand(directory, arguments, config, all, secrets, limit);
    }

    GitCommand opening(SecretConfiguration other) {
        return new GitCommand(directory, arguments, config, environment, other, limit);
    }

    GitCommand transferring() {
        return new GitCommand(directory, arguments, config, environment, secrets, TRANSFER_LIMIT);
    }

    GitCommand arguments(String... more) {
        List<String> all = new ArrayList<>(arguments);
        all.addAll(List.of(more));
        return new GitCommand(directory, all, config, environment, secrets, limit);
    }

    /** The subcommand, for messages. */
    String name() {
        return "git " + arguments.getFirst();
    }
}
