// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.spi.ExecutorOption;
import ml.clear.agent.api.spi.ExecutorOption.Command;
import ml.clear.agent.api.spi.Subcommand;
import ml.clear.agent.api.spi.Subcommand.Option;
import org.junit.jupiter.api.Test;

class ContributedOptionsTest {

    private static final Subcommand DAEMON =
            Subcommand.of("daemon", "Runs", List.of(Option.values("--queue", "name", "queues")), _ -> 0);

    private final ContributedOptions options = new ContributedOptions(List.of(
            option("--whale", "docker"),
            option("--seal", "podman"),
            new ExecutorOption(
                    Option.flag("--calm", "only sets a variable"),
                    Set.of(Command.DAEMON),
                    "",
                    _ -> Map.of("CALM", "yes"))));

    @Test
    void anOptionSelectsItsExecutorAndSetsItsVariables() {
        Map<String, String> variables = options.variables(parse("--queue", "q", "--whale", "image", "x", "--calm"));

        assertThat(variables)
                .containsOnly(
                        Map.entry("CLEARML_AGENT__AGENT__EXECUTOR__TYPE", "docker"),
                        Map.entry("IMAGE", "image x"),
                        Map.entry("CALM", "yes"));
        assertThat(ContributedOptions.select(variables)).isTrue();
        assertThat(ContributedOptions.select(options.variables(parse("--calm"))))
                .isFalse();
    }

    @Test
    void optionsThatContradictEachOtherAreRefused() {
        assertThatThrownBy(() -> options.variables(parse("--whale", "a", "--seal", "a")))
                .isInstanceOf(AgentException.class)
                .hasMessageContaining("--whale and --seal contradict each other");
    }

    @Test
    void aWordThatNoOwnOptionExplainsAsksPlugins() {
        assertThat(ContributedOptions.NONE.explains(DAEMON, List.of("daemon", "--queue", "q", "--whale", "x")))
                .isFalse();
        assertThat(ContributedOptions.NONE.explains(DAEMON, List.of("daemon", "--que=q", "--debug", "--", "--whale")))
                .isTrue();
        assertThat(options.explains(DAEMON, List.of("daemon", "--whale", "x"))).isTrue();
    }

    @Test
    void eachCommandHasItsOwn() {
        assertThat(options.of(Command.EXECUTE).options()).isEmpty();
        assertThat(options.of(Command.DAEMON).options()).hasSize(3);
        assertThat(ContributedOptions.commandOf(DAEMON)).contains(Command.DAEMON);
    }

    private ParsedCommand parse(String... words) {
        return new CommandTree("", List.of(), List.of(options.addTo(DAEMON)))
                .parse(Stream.concat(Stream.of("daemon"), Stream.of(words)).toList());
    }

    private static ExecutorOption option(String name, String executor) {
        return new ExecutorOption(
                Option.values(name, "image", "an executor"),
                Set.of(Command.DAEMON),
                executor,
                words -> Map.of("IMAGE", String.join(" ", words)));
    }
}
