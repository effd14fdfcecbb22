// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import ml.clear.agent.api.spi.AgentPlugin;
import ml.clear.agent.api.spi.Subcommand;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/** What every {@link Subcommand} of a plugin must do. */
public abstract class SubcommandContract {

    /** For subclasses. */
    protected SubcommandContract() {}

    /** The plugin that contributes the commands. */
    protected abstract AgentPlugin plugin();

    /** For each command that does something, a new call that succeeds; the key is its words, such as {@code server start}. */
    protected abstract Map<String, TestInvocation> examples() throws Exception;

    @Test
    final void theHelpHasOneLineForEachCommandAndOption() {
        assertThat(commands()).isNotEmpty().allSatisfy((words, command) -> {
            assertThat(command.summary()).as("summary of '" + words + "'").satisfies(SubcommandContract::isOneLine);
            assertThat(command.options())
                    .allSatisfy(option -> assertThat(option.description())
                            .as("description of " + option.names() + " of '" + words + "'")
                            .satisfies(SubcommandContract::isOneLine));
        });
    }

    private static void isOneLine(String text) {
        assertThat(text).isNotBlank().doesNotContain("\n").doesNotEndWith(".");
    }

    @Test
    final void aCommandActsOrHasCommands() {
        assertThat(commands())
                .allSatisfy((words, command) -> assertThat(command.action() != null)
                        .as("'" + words + "' acts")
                        .isEqualTo(command.children().isEmpty()));
    }

    @Test
    final void eachCommandThatActsHasAnExample() throws Exception {
        Set<String> acting = new HashSet<>();
        commands().forEach((words, command) -> {
            if (command.action() != null) {
                acting.add(words);
            }
        });

        assertThat(examples().keySet()).isEqualTo(acting);
    }

    /** Results go to the given writer: what a command prints to {@code System.out} is logged by the agent. */
    @TestFactory
    @ResourceLock(Resources.SYSTEM_OUT)
    final Stream<DynamicTest> anExampleSucceedsAndPrintsNothingPastTheAgent() throws Exception {
        Map<String, Subcommand> commands = commands();
        return examples().entrySet().stream()
                .map(example -> dynamicTest(example.getKey(), () -> {
                    PrintStream before = System.out;
                    ByteArrayOutputStream past = new ByteArrayOutputStream();
                    System.setOut(new PrintStream(past, true, StandardCharsets.UTF_8));
                    int exit;
                    try {
                        exit = example.getValue()
                                .run(Objects.requireNonNull(commands.get(example.getKey()), example.getKey()));
                    } finally {
                        System.setOut(before);
                    }

                    assertThat(exit).as(example.getValue().messages()).isZero();
                    assertThat(past.toString(StandardCharsets.UTF_8)).isEmpty();
                }));
    }

    /** All commands by their words. */
    private Map<String, Subcommand> commands() {
        Map<String, Subcommand> all = new TreeMap<>();
        plugin().subcommands().forEach(command -> add(all, "", command));
        return all;
    }

    private static void add(Map<String, Subcommand> all, String parents, Subcommand command) {
        String words = parents + command.name();
        all.put(words, command);
        command.children().forEach(child -> add(all, words + " ", child));
    }
}
